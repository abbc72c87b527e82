"""The decision room: the table, its filters, and verdicts for many at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.errors import DomainError, InvalidInput, StaleVersion
from crowd.core.permissions import Permission
from crowd.core.selection import Fate
from crowd.core.status import LetterFate, Outcome
from crowd.reviews.queries import comments_to_authors
from crowd.selection.actions.verdicts import confirm_verdicts, set_verdicts
from crowd.selection.commands import Decide
from crowd.selection.forms import BulkForm
from crowd.selection.gates import chairs_of
from crowd.selection.queries.letters import OutcomeLetter, outcome_letters
from crowd.selection.queries.room import Room, Row, managers_of
from crowd.selection.views.blueprint import bp
from crowd.selection.views.loading import current_room
from crowd.selection.views.merging import FIELDS, Merger, has_wrong_fields
from crowd.selection.views.table import RoomLine, room_lines
from crowd.selection.views.words import TIE_BREAK_WORDS, round_titles
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, allowed, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _l, ngettext

PAGE = 300
FILTERS: dict[str, tuple[Any, Callable[[RoomLine], bool]]] = {
    "all": (_l("All"), bool),
    "undecided": (_l("Without a verdict"), lambda line: line.outcome is None and not line.told),
    "numbers": (_l("Undecided by the numbers"), lambda line: line.undecided_by_numbers),
    "reason": (_l("Without a reason"), lambda line: line.outcome is not None and not line.has_reason),
    "stakes": (_l("Stakes"), lambda line: line.stake or line.managers_with_stake > 0 or line.conflicts > 0),
}


@dataclass(frozen=True)
class Pill:
    label: str
    url: str
    current: bool
    count: int


@bp.get("/calls/<public_id>/decisions")
@call_gate.requires(Permission.SELECTION_VIEW)
def decisions(found: Found[Call]) -> Any:
    room = current_room(found.facts)
    form = BulkForm(formdata=None)
    start = request.args.get("start", "")
    outcome = Outcome(start) if start in set(Outcome) else Outcome.NOT_SELECTED
    form.outcome.data, form.reason.data = outcome.value, Merger(room.numbers, {}).start(outcome)
    form.offer_reasons(room.numbers.rules.reasons)
    return _page(found, room, form)


@bp.post("/calls/<public_id>/decisions")
@call_gate.requires(Permission.SELECTION_VIEW)
def decide_many(found: Found[Call]) -> Any:
    """A verdict for many rows; rows in which the person has a stake are left for somebody else."""
    room = current_room(found.facts)
    form = BulkForm()
    form.offer_reasons(room.numbers.rules.reasons)
    if not form.validate_on_submit() or has_wrong_fields(form):
        return _page(found, room, form), 422
    try:
        chosen = [row for row in _chosen(room, form) if current_actor().account_id not in row.facts.stake_ids()]
        if not chosen:
            raise InvalidInput("verdict_nothing_picked", "which")
        decisions_ = _decisions(db.session(), room, form, chosen)
        with transaction(found.row) as session:
            set_verdicts(session, found.row, decisions_, actor=current_actor(), now=utc_now())
    except DomainError as error:
        return _refused(found, form, error)
    done = ngettext("%(num)d verdict saved.", "%(num)d verdicts saved.", len(chosen))
    flash(done, "success")
    return redirect(url_for(".decisions", public_id=found.row.public_id, show=request.args.get("show")), 303)


@bp.post("/calls/<public_id>/decisions/confirm")
@call_gate.requires(Permission.SELECTION_VIEW)
def confirm(found: Found[Call]) -> Any:
    """Confirm rows in which another manager has a stake."""
    picked = request.form.getlist("pick")
    if not picked:
        abort(422)
    with transaction(found.row) as session:
        count = confirm_verdicts(session, found.row, picked, actor=current_actor(), now=utc_now())
    flash(ngettext("%(num)d verdict confirmed.", "%(num)d verdicts confirmed.", count), "success")
    return redirect(url_for(".decisions", public_id=found.row.public_id, show="stakes"), 303)


def _chosen(room: Room, form: BulkForm) -> list[Row]:
    """The rows that the form speaks of."""
    picked = set(request.form.getlist("pick"))
    first, last = form.first.data or 1, form.last.data or len(room.rows)
    tests: Mapping[str, Callable[[Row], bool]] = {
        "picked": lambda row: row.proposal.public_id in picked,
        "above": lambda row: row.fate is Fate.IN,
        "reserve": lambda row: row.in_reserve,
        "below": lambda row: row.fate not in {Fate.IN, Fate.TIED} and not row.in_reserve,
        "ranks": lambda row: row.placement.rank is not None and first <= row.placement.rank <= last,
        "undecided": lambda row: row.verdict is None and not row.told,
    }
    return [row for row in room.rows if tests[form.which.data](row)]


def _decisions(session: Session, room: Room, form: BulkForm, chosen: list[Row]) -> dict[str, Decide]:
    """The text is merged now and kept as it reads: later numbers do not change it."""
    merger = Merger(room.numbers, comments_to_authors(session, [row.proposal.id for row in chosen]))
    opened = form.opened_versions()
    return {
        row.proposal.public_id: form.command(
            merger.fill(form.reason.data or "", row),
            merger.fill(form.letter.data or "", row, letter=True),
            opened.get(row.proposal.public_id, 0),
        )
        for row in chosen
    }


def _refused(found: Found[Call], form: BulkForm, error: DomainError) -> Any:
    fill_errors(form, error)
    fresh = call_gate.load(found.row.public_id)
    status = 409 if isinstance(error, StaleVersion) else error.status
    return _page(fresh, current_room(fresh.facts), form), status


def _page(found: Found[Call], room: Room, form: BulkForm) -> str:
    lines = room_lines(room, current_actor())
    show = request.args.get("show", "all")
    shown = [line for line in lines if FILTERS.get(show, FILTERS["all"])[1](line)]
    start = next((i + 1 for i, line in enumerate(shown) if line.id == request.args.get("after")), 0)
    page = shown[start : start + PAGE]
    form.versions.data = " ".join(f"{line.id}:{line.version}" for line in page if line.version)
    return render_template(
        "selection/decisions.html",
        found=found,
        room=room,
        form=form,
        lines=page,
        more=page[-1].id if len(shown) > start + PAGE else None,
        first=start == 0,
        pills=_pills(found, lines, show),
        ready=room.readiness(current_actor()),
        fields=FIELDS,
        outcomes=list(Outcome),
        columns=_columns(room),
        tie=TIE_BREAK_WORDS[room.numbers.cut.settled_by] if room.numbers.cut.settled_by else None,
        picked=set(request.form.getlist("pick")),
        held=_held(found, room),
        **_outside(found, room),
    )


def _held(found: Found[Call], room: Room) -> list[OutcomeLetter]:
    """After publishing: letters that were held back and not sent since, where this person has no stake."""
    if not found.facts.results_published:
        return []
    account = current_actor().account_id
    mine = [row for row in room.rows if account not in row.facts.stake_ids()]
    letters = outcome_letters(db.session(), found.facts.rules.title, mine)
    return [each for each in letters if each.edit and each.fate is LetterFate.HELD and each.edit.sent_at is None]


def _outside(found: Found[Call], room: Room) -> dict[str, Any]:
    """What has to be decided by somebody who is no manager, and whether that is this person."""
    session, chairs = db.session(), chairs_of(db.session(), found.facts)
    managers = managers_of(session, found.facts.organization.id)
    waiting = [row for row in room.rows if managers <= row.facts.stake_ids() and not _is_confirmed(row)]
    return {
        "outside": len(waiting),
        "chairs": chairs.chair_ids,
        "stands_in": bool(waiting) and allowed(Permission.SELECTION_STAND_IN, chairs),
    }


def _is_confirmed(row: Row) -> bool:
    return row.verdict is not None and row.verdict.confirmed_by_id is not None


def _columns(room: Room) -> list[dict[str, str | None]]:
    titles = round_titles(room.numbers)
    return [{"label": titles.get(part.round, part.round), "kind": None} for part in room.numbers.rules.components]


def _pills(found: Found[Call], lines: list[RoomLine], show: str) -> list[Pill]:
    return [
        Pill(
            str(label),
            url_for(".decisions", public_id=found.row.public_id, show=key if key != "all" else None),
            key == show,
            sum(map(test, lines)),
        )
        for key, (label, test) in FILTERS.items()
    ]
