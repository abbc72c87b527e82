"""The verdict of one proposal, with everything known about it beside the form."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from crowd.core.actor import Actor
from crowd.core.errors import DomainError, StaleVersion
from crowd.core.permissions import Permission
from crowd.core.selection import Fate
from crowd.core.status import Outcome
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import Proposal
from crowd.reviews.queries import LiveReview, comments_to_authors, live_reviews
from crowd.selection.actions.verdicts import set_verdicts
from crowd.selection.forms import VerdictForm
from crowd.selection.queries.room import Room, Row
from crowd.selection.views.blueprint import bp
from crowd.selection.views.loading import current_room
from crowd.selection.views.merging import LETTER_FIELDS, Merger, has_wrong_fields
from crowd.selection.views.table import room_lines
from crowd.selection.views.vote import vote_words
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _


@bp.get("/proposals/<public_id>/verdict")
@proposal_gate.requires(Permission.SELECTION_VIEW)
def verdict(found: Found[Proposal]) -> Any:
    room, row = _row(found)
    form = VerdictForm(formdata=None)
    _open_form(form, room, row, request.args.get("start"))
    form.offer_reasons(room.numbers.rules.reasons)
    return _page(found, room, row, form)


@bp.post("/proposals/<public_id>/verdict")
@proposal_gate.requires(Permission.SELECTION_VIEW)
def decide(found: Found[Proposal]) -> Any:
    room, row = _row(found)
    form = VerdictForm()
    form.offer_reasons(room.numbers.rules.reasons)
    if not form.validate_on_submit() or has_wrong_fields(form):
        return _page(found, room, row, form), 422
    call = found.row.call
    merger = _merger(room, row)
    reason = merger.fill(form.reason.data or "", row)
    letter = merger.fill(form.letter.data or "", row, letter=True)
    try:
        with transaction(found.row.call) as session:
            command = form.command(reason, letter, form.opened)
            set_verdicts(session, found.row.call, {found.row.public_id: command}, actor=current_actor(), now=utc_now())
    except DomainError as error:
        return _refused(form, error, found.row.public_id)
    flash(_("Saved: “%(title)s”.", title=found.row.title), "success")
    return redirect(_after(call.public_id, room, row, current_actor()), 303)


def _row(found: Found[Proposal]) -> tuple[Room, Row]:
    room = current_room(found.facts.call)
    row = room.row(found.row.public_id)
    if row is None:
        abort(404)
    return room, row


def _merger(room: Room, row: Row) -> Merger:
    return Merger(room.numbers, comments_to_authors(db.session(), [row.proposal.id]))


def _open_form(form: VerdictForm, room: Room, row: Row, start: str | None) -> None:
    """What is decided already, else what the numbers propose; `start` puts in the text of another verdict."""
    known = row.verdict
    other = Outcome.RESERVE if row.in_reserve else Outcome.NOT_SELECTED
    proposed = Outcome.SELECTED if row.fate is Fate.IN else other
    outcome = Outcome(start) if start in set(Outcome) else (known.outcome if known else proposed)
    form.outcome.data = outcome.value
    form.version.data = str(known.version if known else 0)
    if known:
        form.reason.data, form.letter.data, form.reason_code.data = known.reason, known.letter, known.reason_code
    if known is None or start in set(Outcome):
        merger = _merger(room, row)
        form.reason.data = row.proposal.outcome_reason or merger.fill(merger.start(outcome), row)


def _refused(form: VerdictForm, error: DomainError, public_id: str) -> Any:
    """The page again with what was written; on a conflict with what the other person wrote beside it."""
    found = proposal_gate.load(public_id)
    room, row = _row(found)
    theirs = row.verdict if isinstance(error, StaleVersion) else None
    if theirs:
        form.version.data = str(theirs.version)
    fill_errors(form, error)
    return _page(found, room, row, form, theirs=theirs), error.status


def _after(call: str, room: Room, row: Row, actor: Actor) -> str:
    """The next row of the ranking without a verdict that this person may decide; else the room."""
    place = room.rows.index(row)
    open_ = [
        other
        for other in (*room.rows[place + 1 :], *room.rows[:place])
        if other.verdict is None and not other.told and actor.account_id not in other.facts.stake_ids()
    ]
    if open_:
        return url_for(".verdict", public_id=open_[0].proposal.public_id)
    return url_for(".decisions", public_id=call)


def _page(found: Found[Proposal], room: Room, row: Row, form: VerdictForm, *, theirs: Any = None) -> str:
    lines = room_lines(room, current_actor())
    place = room.rows.index(row)
    return render_template(
        "selection/verdict.html",
        found=found,
        row=row,
        line=lines[place],
        form=form,
        theirs=theirs,
        outcomes=list(Outcome),
        fields=LETTER_FIELDS,
        reviews=_reviews(room, row),
        decided=sum(line.outcome is not None or line.told for line in lines),
        total=len(lines),
        why=vote_words(room, row),
        before=lines[place - 1].decide_url if place else None,
        after=lines[place + 1].decide_url if place + 1 < len(lines) else None,
    )


def _reviews(room: Room, row: Row) -> list[tuple[Any, list[LiveReview]]]:
    """What the jury wrote, per round; nothing for somebody with a stake."""
    if current_actor().account_id in row.facts.stake_ids():
        return []
    return [
        (numbers.round, live_reviews(db.session(), numbers.row.id, [row.proposal.id]))
        for numbers in room.numbers.rounds
        if numbers.jury is not None
    ]
