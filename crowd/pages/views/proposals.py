"""The page of a proposal: where it stands first, then text, files, people, discussion."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask import abort, render_template, url_for
from werkzeug.exceptions import NotFound

from crowd.core.permissions import Permission, judge
from crowd.core.progress import StepKind
from crowd.core.status import ModerationState
from crowd.pages.queries.consents import consent_due
from crowd.pages.queries.proposal_rows import Member
from crowd.pages.queries.proposals import Person, people_of, standing_of_proposal
from crowd.pages.views.blueprint import bp
from crowd.proposals.gates import find_proposal, proposal_gate
from crowd.proposals.models import Proposal
from crowd.proposals.queries import cover_names, goes_on_as, taken_in
from crowd.store.db import db, utc_now
from crowd.web.access import Found, allowed, current_actor, public
from crowd.web.text import _


@bp.get("/proposals/<public_id>")
@public
def proposal(public_id: str) -> Any:
    """The gate is asked within: what a moderator hid leaves a tombstone to those who could see it before."""
    try:
        return proposal_page(proposal_gate.load(public_id))
    except NotFound:
        return _tombstone(public_id)


def proposal_page(found: Found[Proposal], **more: Any) -> str:
    session, actor, now = db.session(), current_actor(), utc_now()
    standing = standing_of_proposal(session, found.row, found.facts, actor, now)
    people = people_of(found.row.team, found.row.lead_id) if allowed(Permission.PROPOSAL_AUTHORS, found.facts) else []
    cover_names(session, found.row, found.facts, actor, now)
    notes = {}
    if standing.reviews:
        done, assigned = standing.reviews
        notes[StepKind.REVIEW] = _("%(done)s of %(all)s reviews in", done=done, all=assigned)
    return render_template(
        "pages/proposal.html",
        found=found,
        proposal=found.row,
        call=found.row.call,
        facts=found.facts,
        standing=standing,
        people=people,
        named=named(people),
        notes=notes,
        consent_due=consent_due(session, found.facts, actor, now),
        pointer=goes_on_as(session, found.row, actor, now) if found.row.merged_into_id else None,
        merged_here=taken_in(session, found.row.id, actor, now),
        **more,
    )


def named(people: Iterable[Person | Member]) -> list[dict[str, str | None]]:
    """People as the component that lists them in a line wants them."""
    return [
        {"name": one.name, "url": url_for("pages.person", public_id=one.public_id) if one.public_id else None}
        for one in people
    ]


def _tombstone(public_id: str) -> Any:
    found = find_proposal(db.session(), public_id)
    if found is None or found.facts.moderation is not ModerationState.HIDDEN:
        abort(404)
    unhidden = replace(found.facts, moderation=ModerationState.VISIBLE)
    if not judge(current_actor(), Permission.PROPOSAL_VIEW, unhidden, utc_now()):
        abort(404)
    return render_template(
        "pages/proposal_hidden.html", call=found.row.call, number=found.row.number, code=found.row.hidden_code
    ), 410
