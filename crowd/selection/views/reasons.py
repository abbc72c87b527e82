"""All reasons on one page: a text for each proposal, written singly or begun with drafts for all that have none."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.errors import DomainError, StaleVersion
from crowd.core.permissions import Permission
from crowd.core.selection import Fate
from crowd.core.status import Outcome
from crowd.selection.actions.verdicts import set_verdicts
from crowd.selection.commands import Decide
from crowd.selection.forms import ReasonRow, ReasonsForm
from crowd.selection.queries.room import Room, Row
from crowd.selection.views.blueprint import bp
from crowd.selection.views.loading import current_room
from crowd.selection.views.merging import FIELDS, Merger, has_wrong_fields
from crowd.selection.views.table import RoomLine, room_lines
from crowd.store.db import transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.errors import sentence
from crowd.web.forms import fill_errors
from crowd.web.text import _, ngettext

PAGE = 50


@dataclass(frozen=True)
class Line:
    row: Row
    line: RoomLine
    form: ReasonRow


@bp.get("/calls/<public_id>/decisions/reasons")
@call_gate.requires(Permission.SELECTION_VIEW)
def reasons(found: Found[Call]) -> Any:
    """With `drafts` every proposal that lacks one has a draft, from the numbers and the rubric; nothing is saved by that."""
    room = current_room(found.facts)
    return _page(found, room, [_opened(room, row, drafts="drafts" in request.args) for row in _rows(room)])


@bp.post("/calls/<public_id>/decisions/reasons")
@call_gate.requires(Permission.SELECTION_VIEW)
def write_reasons(found: Found[Call]) -> Any:
    """Verdicts that differ from what is kept are saved together, or none; a row that nobody filled in is left."""
    room, top = current_room(found.facts), ReasonsForm()
    forms = [_posted(room, row) for row in _rows(room)]
    filled = [
        (row, form) for row, form in zip(_rows(room), forms, strict=True) if form.outcome.data or form.reason.data
    ]
    sound = [form.validate() and not has_wrong_fields(form) for _row, form in filled]
    if not top.validate_on_submit() or not all(sound):
        return _page(found, room, forms, top), 422
    merger = Merger(room.numbers, {})
    decisions = {row.proposal.public_id: _command(row, form, merger) for row, form in filled if _differs(row, form)}
    try:
        with transaction(found.row) as session:
            set_verdicts(session, found.row, decisions, actor=current_actor(), now=utc_now())
    except DomainError as error:
        if error.status not in {409, 422}:
            raise
        return _refused(found, error)
    flash(ngettext("%(num)d verdict saved.", "%(num)d verdicts saved.", len(decisions)), "success")
    return redirect(url_for(".reasons", public_id=found.row.public_id, after=request.args.get("after")), 303)


def _rows(room: Room) -> Sequence[Row]:
    """Those that this person may decide, a page of them."""
    account = current_actor().account_id
    mine = [row for row in room.rows if account not in row.facts.stake_ids() and not (row.told and row.verdict is None)]
    start = next((n + 1 for n, row in enumerate(mine) if row.proposal.public_id == request.args.get("after")), 0)
    return mine[start : start + PAGE]


def _opened(room: Room, row: Row, *, drafts: bool) -> ReasonRow:
    form = ReasonRow(formdata=None, prefix=f"{row.proposal.public_id}-")
    form.version.data, known = str(row.verdict.version if row.verdict else 0), row.verdict
    if known:
        form.outcome.data, form.reason.data, form.reason_code.data = (
            known.outcome.value,
            known.reason,
            known.reason_code,
        )
    elif drafts:
        outcome = _proposed(row)
        merger = Merger(room.numbers, {})
        form.outcome.data, form.reason.data = outcome.value, merger.fill(merger.start(outcome), row)
    form.offer_reasons(room.numbers.rules.reasons)
    return form


def _proposed(row: Row) -> Outcome:
    if row.fate is Fate.IN:
        return Outcome.SELECTED
    return Outcome.RESERVE if row.in_reserve else Outcome.NOT_SELECTED


def _posted(room: Room, row: Row) -> ReasonRow:
    form = ReasonRow(prefix=f"{row.proposal.public_id}-")
    form.offer_reasons(room.numbers.rules.reasons)
    return form


def _command(row: Row, form: ReasonRow, merger: Merger) -> Decide:
    """The addition to the letter stays as it is."""
    letter = row.verdict.letter if row.verdict else ""
    return form.command(merger.fill(form.reason.data or "", row), letter, form.opened)


def _differs(row: Row, form: ReasonRow) -> bool:
    kept = row.verdict
    now = (form.outcome.data, (form.reason.data or "").strip(), form.reason_code.data or "")
    return kept is None or now != (kept.outcome.value, kept.reason, kept.reason_code)


def _refused(found: Found[Call], error: DomainError) -> Any:
    """What was written stays; rows that somebody else decided meanwhile say so, and can be saved over."""
    fresh = found.row.public_id
    again, top = call_gate.load(fresh), ReasonsForm()
    room = current_room(again.facts)
    forms = [_posted(room, row) for row in _rows(room)]
    for row, form in zip(_rows(room), forms, strict=True):
        version = row.verdict.version if row.verdict else 0
        if isinstance(error, StaleVersion) and form.opened != version:
            form.version.data = str(version)
            theirs = row.verdict.reason if row.verdict else ""
            form.reason.errors = [_("Decided meanwhile by somebody else: “%(reason)s”", reason=theirs)]
    if isinstance(error, StaleVersion):
        top.form_errors = [sentence(error.code, **error.values)]
    else:
        fill_errors(top, error)
    return _page(again, room, forms, top), error.status


def _page(found: Found[Call], room: Room, forms: Sequence[ReasonRow], top: ReasonsForm | None = None) -> str:
    rows = _rows(room)
    known = {line.id: line for line in room_lines(room, current_actor())}
    lines = [Line(row, known[row.proposal.public_id], form) for row, form in zip(rows, forms, strict=True)]
    last = rows[-1].proposal.public_id if len(rows) == PAGE else None
    return render_template(
        "selection/reasons.html",
        found=found,
        lines=lines,
        form=top or ReasonsForm(formdata=None),
        failed=any(form.errors for form in forms),
        ready=room.readiness(current_actor()),
        fields=FIELDS,
        more=last if last and last != (room.rows[-1].proposal.public_id if room.rows else None) else None,
    )
