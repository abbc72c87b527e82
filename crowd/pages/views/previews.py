"""A proposal as others will see it: the public on its page, a reviewer without the names."""

from dataclasses import replace
from typing import Any

from flask import abort, render_template, request

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

PUBLIC, REVIEWER = "public", "reviewer"


@bp.get("/proposals/<public_id>/preview")
@proposal_gate.requires(Permission.PROPOSAL_WORK)
def proposal_preview(found: Found[Proposal]) -> Any:
    """The real pages, drawn for somebody without a role, as if the draft were handed in."""
    view, me = request.args.get("as", PUBLIC), current_actor()
    if view not in {PUBLIC, REVIEWER}:
        abort(404)
    preview = {"key": found.row.public_id, "view": view, "draft": found.row.status is ProposalStatus.DRAFT}
    shown = _as_handed_in(found)
    if view == REVIEWER:
        return _as_reviewer(shown, preview)
    with seen_by(replace(VISITOR, language=me.language, time_zone=me.time_zone)):
        return proposal_page(shown, preview=preview)


def _as_reviewer(found: Found[Proposal], preview: dict[str, Any]) -> str:
    me = current_actor()
    facts = replace(found.facts, team_ids=frozenset(), lead_id=None, reader_ids=frozenset({me.account_id or 0}))
    rounds = [one for one in facts.call.rules.rounds if one.kind is RoundKind.REVIEW]
    shown = Found(found.row, facts)
    said = differences_of(db.session(), found.row.id, me, utc_now())
    with seen_by(replace(me, roles={})):
        return render_template("pages/preview_reviewer.html", found=shown, rounds=rounds, said=said, preview=preview)


def _as_handed_in(found: Found[Proposal]) -> Found[Proposal]:
    """The row is taken out of the session first, so that nothing of this can be stored."""
    if found.row.status is not ProposalStatus.DRAFT:
        return found
    db.session.expunge(found.row)
    found.row.status = ProposalStatus.SUBMITTED
    return Found(found.row, replace(found.facts, status=ProposalStatus.SUBMITTED))
