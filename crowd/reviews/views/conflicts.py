"""Conflicts of interest as chairs and managers see them: who is tied to what and how, and what they make of it."""

from typing import Any

from flask import abort, flash, redirect, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from crowd.core.conflicts import ConflictKind, ConflictSource
from crowd.core.permissions import Permission
from crowd.reviews.actions import Tie, confirm_conflict, set_conflict_aside, take_conflict_back
from crowd.reviews.forms import JudgeForm
from crowd.reviews.gates import round_gate
from crowd.reviews.models import Conflict, Juror
from crowd.reviews.queries import ConflictLine, conflict_lines, recusals_of_round
from crowd.reviews.views.blueprint import bp, round_url
from crowd.reviews.views.chair import own_stakes
from crowd.rounds.models import CallRound
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.text import _, _l

TIES = "/calls/<public_id>/reviews/ties"
KINDS = {
    ConflictKind.STATED: _l("Stated"),
    ConflictKind.AUTHORSHIP: _l("Author or team"),
    ConflictKind.ORGANIZATION: _l("Same organization"),
    ConflictKind.EMAIL_DOMAIN: _l("Same e-mail domain"),
    ConflictKind.COAUTHOR: _l("Wrote a proposal together"),
    ConflictKind.INVITATION: _l("One invited the other"),
    ConflictKind.COMMENT: _l("Commented on it"),
    ConflictKind.VOTE: _l("Voted for it, by name"),
}
SOURCES = {
    ConflictSource.DECLARED: _l("said by the reviewer"),
    ConflictSource.NOTED: _l("put on record by the chair"),
    ConflictSource.DETECTED: _l("found by comparing"),
}


@bp.get(TIES)
@round_gate.requires(Permission.ROUND_CHAIR)
def ties(found: Found[CallRound]) -> str:
    return _page(found)


@bp.post(TIES)
@round_gate.requires(Permission.ROUND_CHAIR)
def judge_tie(found: Found[CallRound]) -> Any:
    """`act`: confirm, aside or back; `tie` names juror, proposal and kind."""
    line = _line_or_404(found)
    form, act = JudgeForm(), request.form.get("act")
    reason = (form.reason.data or "").strip()
    if act not in {"confirm", "aside", "back"} or (act == "back" and line.row is None):
        abort(404)
    sound = form.validate()
    if not sound or (act != "confirm" and not reason):
        missing = _("Say why in a sentence: the reason stays on record.")
        return _page(found, {line.key: "; ".join(form.reason.errors) or missing}, reason), 422
    _judge(found, line, act, reason)
    return _back(found)


def _judge(found: Found[CallRound], line: ConflictLine, act: str | None, reason: str) -> None:
    actor, now = current_actor(), utc_now()
    with transaction(found.row.call, line.juror, line.proposal) as session:
        tie = Tie(line.juror, line.proposal, line.kind)
        if act == "confirm":
            confirm_conflict(session, found.row, tie, actor=actor, now=now)
        elif act == "aside":
            set_conflict_aside(session, found.row, tie, reason, actor=actor, now=now)
        else:
            take_conflict_back(session, found.row, _loaded(line), reason, actor=actor, now=now)
    said = {
        "confirm": _("Confirmed. This person neither reads nor scores the proposal any more."),
        "aside": _("Set aside, with your reason."),
        "back": _("Taken back, with your reason. The proposal can be assigned to this person again."),
    }
    flash(said[act or "confirm"], "success")


def _loaded(line: ConflictLine) -> Conflict:
    query = select(Conflict).where(Conflict.id == (line.row.id if line.row else 0))
    both = (joinedload(Conflict.juror).joinedload(Juror.account), joinedload(Conflict.proposal))
    return db.session.scalars(query.options(*both).execution_options(populate_existing=True)).one()


def _line_or_404(found: Found[CallRound]) -> ConflictLine:
    wanted = request.form.get("tie", "")
    lines = conflict_lines(db.session(), found.row, own_stakes(found))
    return next((line for line in lines if line.key == wanted), None) or abort(404)


def _page(found: Found[CallRound], errors: dict[str, str] | None = None, typed: str = "") -> str:
    return render_template(
        "reviews/ties.html",
        found=found,
        lines=conflict_lines(db.session(), found.row, own_stakes(found)),
        recusals=recusals_of_round(db.session(), found.row.id),
        policy=found.facts.round.conflict_policy,
        kinds=KINDS,
        sources=SOURCES,
        errors=errors or {},
        typed=typed,
    )


def _back(found: Found[CallRound]) -> Response:
    return redirect(round_url("reviews.ties", found.row), 303)
