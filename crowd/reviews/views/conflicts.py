"""Conflicts of interest as chairs and managers see them: who is tied to what and how, and what they make of it."""

from typing import Any

from flask import abort, flash, redirect, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from crowd.core.conflicts import ConflictKind, ConflictSource
from crowd.core.permissions import Permission
from crowd.proposals.models import Proposal
from crowd.reviews.actions import Tie, confirm_conflict, keep_ties, set_conflict_aside, take_conflict_back
from crowd.reviews.forms import JudgeForm
from crowd.reviews.gates import round_gate
from crowd.reviews.models import Conflict, Juror
from crowd.reviews.queries import (
    ConflictLine,
    candidates_for,
    conflict_line,
    conflict_page,
    jury_with_accounts,
    new_ties,
    recusals_of_round,
)
from crowd.reviews.views.blueprint import bp, round_url
from crowd.reviews.views.chair import own_stakes
from crowd.rounds.models import CallRound
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.text import _, _l

SIZE = 50
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
    if act not in {"confirm", "aside", "back"}:
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
        tie = Tie(line.juror, line.proposal, line.row.kind)
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
    query = select(Conflict).where(Conflict.id == line.row.id)
    both = (joinedload(Conflict.juror).joinedload(Juror.account), joinedload(Conflict.proposal))
    return db.session.scalars(query.options(*both).execution_options(populate_existing=True)).one()


def _line_or_404(found: Found[CallRound]) -> ConflictLine:
    """`tie`: public ids of juror and proposal, and the kind. One that came since the page was read is looked for."""
    juror_key, _dash, rest = request.form.get("tie", "").partition("-")
    proposal_key, _dash, kind = rest.partition("-")
    juror = next((one for one in jury_with_accounts(db.session(), found.row.id) if one.public_id == juror_key), None)
    proposal = db.session.scalar(select(Proposal.id).where(Proposal.public_id == proposal_key))
    if juror is None or proposal is None or kind not in set(ConflictKind):
        abort(404)
    _look_again(found, [juror], [proposal])
    return conflict_line(db.session(), found.row, own_stakes(found), juror.id, proposal, kind) or abort(404)


def _look_again(found: Found[CallRound], jurors: list[Juror], proposal_ids: list[int]) -> None:
    if new_ties(db.session(), found.row, jurors, proposal_ids):
        with transaction(found.row.call, *jurors) as session:
            keep_ties(session, found.row, jurors, proposal_ids, now=utc_now())


def _page(found: Found[CallRound], errors: dict[str, str] | None = None, typed: str = "") -> str:
    """Whoever reads it from the start has all ties looked for once more; further pages only read."""
    hidden, cursor = own_stakes(found), request.args.get("after")
    if cursor is None and not found.facts.call.results_published:
        candidates = [proposal.id for proposal in candidates_for(db.session(), found.row.id)]
        _look_again(found, jury_with_accounts(db.session(), found.row.id), candidates)
    page = conflict_page(db.session(), found.row, hidden, cursor, SIZE)
    return render_template(
        "reviews/ties.html",
        found=found,
        lines=page.items,
        more=page.next,
        first=cursor is None,
        recusals=recusals_of_round(db.session(), found.row.id),
        policy=found.facts.round.conflict_policy,
        kinds=KINDS,
        sources=SOURCES,
        errors=errors or {},
        typed=typed,
    )


def _back(found: Found[CallRound]) -> Response:
    return redirect(round_url("reviews.ties", found.row), 303)
