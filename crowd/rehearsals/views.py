"""The acts of the bar that stands on every page of a rehearsal."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.answers import asked_to_hand_in
from crowd.core.errors import DomainError
from crowd.core.fields import AnswerKind
from crowd.core.permissions import Permission
from crowd.files.checking import check_file
from crowd.files.storage import file_store, stored
from crowd.rehearsals.actions import (
    decide,
    fill,
    move_clock,
    remove_rehearsal,
    review,
    screen,
    start_rehearsal,
    to_next_stage,
    vote,
)
from crowd.store.db import transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.errors import sentence
from crowd.web.links import safe_next
from crowd.web.text import _, _l

bp = Blueprint("rehearsals", __name__)

DAY = timedelta(days=1)
PROPOSALS, VOTERS = 30, 40
SENTENCES: dict[str, Any] = {
    "rehearsal": _l("This call is not a rehearsal."),
    "rehearsal_at_end": _l("No date is left: this is the last stage."),
    "rehearsal_no_round": _l("No such round is open now. Move the clock first."),
}
Act = Callable[[Session, Call, Actor], object]
FILE = "rehearsal.txt"
ACTS: dict[str, Act] = {
    "next": lambda session, call, actor: to_next_stage(session, call, actor=actor, now=utc_now()),
    "day": lambda session, call, actor: move_clock(session, call, DAY, actor=actor, now=utc_now()),
    "screen": lambda session, call, actor: screen(session, call, actor=actor, now=utc_now()),
    "vote": lambda session, call, actor: vote(session, call, VOTERS, actor=actor, now=utc_now()),
    "review": lambda session, call, actor: review(session, call, actor=actor, now=utc_now()),
    "decide": lambda session, call, actor: decide(session, call, actor=actor, now=utc_now()),
}
_NAMES = ",".join(f'"{name}"' for name in (*ACTS, "fill"))


@bp.get("/calls/<public_id>/rehearse")
@call_gate.requires(Permission.CALL_MANAGE)
def start_page(found: Found[Call]) -> str:
    return render_template("rehearsals/start.html", call=found.row)


@bp.post("/calls/<public_id>/rehearse")
@call_gate.requires(Permission.CALL_MANAGE)
def start(found: Found[Call]) -> Any:
    try:
        with transaction(found.row) as session:
            made = start_rehearsal(session, found.row, actor=current_actor(), now=utc_now())
    except DomainError as error:
        flash(sentence(error.code, **error.values), "error")
        return redirect(url_for("pages.call", public_id=found.row.public_id), 303)
    flash(_("The rehearsal begins. Nobody but the managers sees it, and it sends no mail."), "success")
    return redirect(url_for("pages.call", public_id=made.public_id), 303)


@bp.post(f"/calls/<public_id>/rehearsal/<any({_NAMES}):act>")
@call_gate.requires(Permission.REHEARSAL_RUN)
def run(found: Found[Call], act: str) -> Response:
    """One act of the bar; back to the page it was pressed on."""
    key = found.row.public_id
    home = url_for("pages.call", public_id=key)
    try:
        if act == "fill":
            _fill(found)
        else:
            with transaction(found.row) as session:
                ACTS[act](session, found.row, current_actor())
    except DomainError as error:
        flash(sentence(error.code, **error.values), "warning")
    target = url_for("selection.results", public_id=key) if act == "decide" else request.form.get("back")
    return redirect(safe_next(target, home), 303)


def _fill(found: Found[Call]) -> None:
    """With a small file wherever the call cannot do without one."""
    needed = asked_to_hand_in(found.facts, {}, utc_now())
    asked = [field.key for field in needed if field.kind is AnswerKind.FILE]
    checked = check_file(FILE, b"A file of a rehearsal.\n")
    with stored([checked] * (len(asked) * PROPOSALS)) as kept, transaction(found.row) as session:
        left = iter(kept)
        files = [{key: next(left) for key in asked} for _number in range(PROPOSALS)]
        fill(session, found.row, files, actor=current_actor(), now=utc_now())


@bp.post("/calls/<public_id>/rehearsal/remove")
@call_gate.requires(Permission.REHEARSAL_RUN)
def remove(found: Found[Call]) -> Response:
    """Nothing of it stays."""
    with transaction(found.row) as session:
        keys = remove_rehearsal(session, found.row, actor=current_actor(), now=utc_now())
    for key in keys:
        file_store().delete(key)
    flash(_("The rehearsal is gone: proposals, votes, people, everything."), "success")
    return redirect(url_for("pages.home"), 303)
