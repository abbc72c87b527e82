"""A call as a visitor, somebody who could enter, and a juror will see it."""

from dataclasses import replace
from typing import Any

from flask import abort, render_template, request, url_for

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.actor import NOBODY, VISITOR, Actor
from crowd.core.permissions import Permission
from crowd.core.rules import Audience, RoundKind
from crowd.core.status import CallStatus, OrganizationRole
from crowd.core.subjects import CallFacts
from crowd.pages.views.blueprint import bp
from crowd.pages.views.calls import call_page
from crowd.pages.views.previews import as_if
from crowd.web.access import Found, current_actor, seen_by
from crowd.web.text import _, _l
from crowd.web.words import BLIND_RULES

VISITORS, CONTRIBUTOR, REVIEWER = "visitor", "contributor", "reviewer"
VIEWS: dict[str, Any] = {
    VISITORS: _l("A visitor"),
    CONTRIBUTOR: _l("A contributor"),
    REVIEWER: _l("A reviewer"),
}


@bp.get("/calls/<public_id>/preview")
@call_gate.requires(Permission.CALL_MANAGE)
def call_preview(found: Found[Call]) -> str:
    """The real pages, drawn for somebody else, a draft as if it were published. `as`: visitor, contributor or reviewer."""
    view = request.args.get("as", VISITORS)
    if view not in VIEWS:
        abort(404)
    bar = _bar(found, view)
    shown = as_if(found, CallStatus.PUBLISHED) if found.row.status is CallStatus.DRAFT else found
    if view == REVIEWER:
        return _as_reviewer(shown, bar)
    with seen_by(_somebody(view, shown.facts)):
        return call_page(shown, preview=bar)


def _bar(found: Found[Call], view: str) -> dict[str, Any]:
    draft, key = found.row.status is CallStatus.DRAFT, found.row.public_id
    here = url_for("pages.call_preview", public_id=key)
    back = ("calls.edit", _("Back to writing")) if draft else ("pages.call", _("Back to the call"))
    notes = {
        VISITORS: _("Somebody who is not signed in."),
        CONTRIBUTOR: _("Somebody who is signed in, may take part and has not begun a proposal."),
        REVIEWER: _("A juror: the proposal stands beside the form, here without one."),
    }
    when = _("This is how others will see it once it is published.") if draft else _("This is how others see it now.")
    return {
        "note": f"{when} {notes[view]}",
        "views": [
            {
                "label": label,
                "url": f"{here}?as={name}",
                "current": name == view,
            }
            for name, label in VIEWS.items()
        ],
        "back": url_for(back[0], public_id=key),
        "back_label": back[1],
    }


def _somebody(view: str, facts: CallFacts) -> Actor:
    """An account that is nobody's: whatever the audience asks for is given, and no role beyond it."""
    me = current_actor()
    if view == VISITORS:
        return replace(VISITOR, language=me.language, time_zone=me.time_zone)
    member = {facts.organization.id: OrganizationRole.MEMBER} if facts.rules.audience is Audience.MEMBERS else {}
    return Actor(
        account_id=NOBODY,
        name=str(VIEWS[view]),
        language=me.language,
        time_zone=me.time_zone,
        verified=True,
        roles=member,
        invited_to=frozenset({facts.id}),
    )


def _as_reviewer(found: Found[Call], bar: dict[str, Any]) -> str:
    rounds = [one for one in found.facts.rules.rounds if one.kind is RoundKind.REVIEW]
    with seen_by(_somebody(REVIEWER, found.facts)):
        return render_template(
            "pages/preview_call_reviewer.html",
            found=found,
            rules=found.facts.rules,
            rounds=rounds,
            blind_rules=BLIND_RULES,
            preview=bar,
        )
