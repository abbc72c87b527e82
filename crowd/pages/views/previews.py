"""A proposal as others will see it: the public on its page, a reviewer without the names."""

from dataclasses import replace
from typing import Any, TypeVar

from flask import abort, render_template, request, url_for

from crowd.core.actor import VISITOR
from crowd.core.permissions import Permission
from crowd.core.rules import RoundKind
from crowd.core.status import ProposalStatus
from crowd.pages.views.blueprint import bp
from crowd.pages.views.proposals import proposal_page
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import Proposal
from crowd.proposals.queries import differences_of
from crowd.store.db import db, utc_now
from crowd.web.access import Found, current_actor, seen_by
from crowd.web.text import _

PUBLIC, REVIEWER = "public", "reviewer"
R = TypeVar("R")


@bp.get("/proposals/<public_id>/preview")
@proposal_gate.requires(Permission.PROPOSAL_WORK)
def proposal_preview(found: Found[Proposal]) -> Any:
    """The real pages, drawn for somebody without a role, as if the draft were handed in."""
    view, me = request.args.get("as", PUBLIC), current_actor()
    if view not in {PUBLIC, REVIEWER}:
        abort(404)
    preview = _bar(found, view)
    shown = as_if(found, ProposalStatus.SUBMITTED) if found.row.status is ProposalStatus.DRAFT else found
    if view == REVIEWER:
        return _as_reviewer(shown, preview)
    with seen_by(replace(VISITOR, language=me.language, time_zone=me.time_zone)):
        return proposal_page(shown, preview=preview)


def _bar(found: Found[Proposal], view: str) -> dict[str, Any]:
    here = url_for("pages.proposal_preview", public_id=found.row.public_id)
    return {
        "note": _(
            "This is how others will see it once it is handed in and shown. Only you and your team see this page."
        )
        if found.row.status is ProposalStatus.DRAFT
        else _("This is how others see it where the call shows it."),
        "views": [
            {"label": _("The public"), "url": here, "current": view == PUBLIC},
            {"label": _("A reviewer"), "url": f"{here}?as={REVIEWER}", "current": view == REVIEWER},
        ],
        "back": url_for("proposals.edit", public_id=found.row.public_id),
        "back_label": _("Back to writing"),
    }


def _as_reviewer(found: Found[Proposal], preview: dict[str, Any]) -> str:
    me = current_actor()
    facts = replace(found.facts, team_ids=frozenset(), lead_id=None, reader_ids=frozenset({me.account_id or 0}))
    rounds = [one for one in facts.call.rules.rounds if one.kind is RoundKind.REVIEW]
    shown = Found(found.row, facts)
    said = differences_of(db.session(), found.row.id, me, utc_now())
    with seen_by(replace(me, roles={})):
        return render_template("pages/preview_reviewer.html", found=shown, rounds=rounds, said=said, preview=preview)


def as_if(found: Found[R], status: object) -> Found[R]:
    """A noun as it will be in `status`. The row is taken out of the session first, so that nothing of this can be stored."""
    row: Any = found.row
    db.session.expunge(row)
    row.status = status
    return Found(found.row, replace(found.facts, status=status))
