"""The reviewing screen: the proposal left, the rubric right, next is one key."""

from datetime import datetime
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from crowd.core.errors import DomainError, InvalidInput, NotAllowed, StaleVersion
from crowd.core.permissions import Permission
from crowd.core.status import AssignmentStatus
from crowd.proposals.models import ProposalVersion
from crowd.proposals.queries import cover_names, differences_of
from crowd.reviews.actions import keep_ties, recuse, save_review, skip
from crowd.reviews.forms import RecuseForm, ReviewForm, empty_review_form, review_form
from crowd.reviews.gates import assignment_gate
from crowd.reviews.models import Assignment, Review
from crowd.reviews.queries import new_ties, next_open, queue_of, review_of
from crowd.reviews.views.blueprint import bp, round_url
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor, requires
from crowd.web.errors import sentence
from crowd.web.text import _

SUBMIT = "submit"


bp.add_app_template_global(empty_review_form)


@bp.get("/reviews/<public_id>")
@requires(Permission.SIGNED_IN)
@assignment_gate.requires()
def review(found: Found[Assignment]) -> str:
    found = _looked_again(found)
    stored = review_of(db.session(), found.row.id)
    return _page(found, stored, review_form(_criteria(found), stored, _newest_version(found)))


@bp.post("/reviews/<public_id>")
@assignment_gate.requires()
def save(found: Found[Assignment]) -> Any:
    """Hand in (`act=submit`) or keep a draft, then on to the next."""
    form = review_form(_criteria(found))
    submit = request.form.get("act") == SUBMIT or found.row.status is AssignmentStatus.SUBMITTED
    if not form.validate() or (submit and not _complete(found, form)):
        return _page(found, review_of(db.session(), found.row.id), form), 422
    try:
        with transaction(found.row.juror.round.call, found.row) as session:
            save_review(session, found.row, _command(found, form), submit=submit, actor=current_actor(), now=utc_now())
    except DomainError as error:
        return _refused(found.row.public_id, form, error)
    flash(_("Your review is handed in.") if submit else _("Your draft is saved."), "success")
    return _to_next(found.row)


@bp.post("/reviews/<public_id>/autosave")
@assignment_gate.requires()
def autosave(found: Found[Assignment]) -> Any:
    form = review_form(_criteria(found))
    if not form.validate():
        return jsonify(message=_("Not saved: a comment is too long.")), 422
    try:
        with transaction(found.row.juror.round.call, found.row) as session:
            stored = save_review(
                session, found.row, _command(found, form), submit=False, actor=current_actor(), now=utc_now()
            )
    except DomainError as error:
        return jsonify(message=sentence(error.code, **error.values)), error.status
    return jsonify(saved_at=stored.saved_at.isoformat(), version=stored.version)


@bp.post("/reviews/<public_id>/skip")
@assignment_gate.requires(Permission.REVIEW_WRITE)
def skip_it(found: Found[Assignment]) -> Response:
    with transaction(found.row.juror.round.call, found.row) as session:
        skip(session, found.row, actor=current_actor(), now=utc_now())
    flash(_("Skipped: it comes again at the end of your list."), "info")
    return _to_next(found.row)


@bp.get("/reviews/<public_id>/recuse")
@requires(Permission.SIGNED_IN)
@assignment_gate.requires()
def ask_recuse(found: Found[Assignment]) -> str:
    return render_template("reviews/recuse.html", found=found, form=RecuseForm())


@bp.post("/reviews/<public_id>/recuse")
@assignment_gate.requires()
def recuse_it(found: Found[Assignment]) -> Any:
    form = RecuseForm()
    if not form.validate():
        return render_template("reviews/recuse.html", found=found, form=form), 422
    with transaction(found.row.juror.round.call, found.row) as session:
        recuse(session, found.row, form.reason.data or "", actor=current_actor(), now=utc_now())
    flash(
        _("You stepped back. The proposal is no longer yours to review; you see it nowhere until the results."),
        "success",
    )
    return _to_next(found.row)


def _looked_again(found: Found[Assignment]) -> Found[Assignment]:
    """A tie that came since the work was given out is found, at the latest, when it is opened."""
    row, juror, ids = found.row.juror.round, found.row.juror, [found.row.proposal_id]
    if not new_ties(db.session(), row, [juror], ids):
        return found
    with transaction(row.call, juror) as session:
        keep_ties(session, row, [juror], ids, now=utc_now())
    return assignment_gate.load(found.row.public_id)


def _criteria(found: Found[Assignment]) -> Any:
    return found.facts.round.round.criteria


def _complete(found: Found[Assignment], form: ReviewForm) -> bool:
    return form.complete(_criteria(found), asks_confidence=found.facts.round.round.asks_confidence)


def _command(found: Found[Assignment], form: ReviewForm) -> Any:
    return form.command(_criteria(found))


def _newest_version(found: Found[Assignment]) -> int:
    query = select(func.max(ProposalVersion.number)).where(ProposalVersion.proposal_id == found.row.proposal_id)
    return db.session.scalar(query) or 1


def _to_next(assignment: Assignment) -> Response:
    following = next_open(queue_of(db.session(), assignment.juror), assignment.id)
    if following is None:
        return redirect(round_url("reviews.index", assignment.juror.round, view="mine"), 303)
    return redirect(url_for("reviews.review", public_id=following.public_id), 303)


def _refused(public_id: str, form: ReviewForm, error: DomainError) -> Any:
    """The page again with everything that was typed, and why it was not stored."""
    if isinstance(error, NotAllowed) and error.code in {"assigned", "no_stake"}:
        raise error
    found = assignment_gate.load(public_id)
    stored = review_of(db.session(), found.row.id)
    if isinstance(error, StaleVersion):
        form.version.data = str(error.values["current"])
    if isinstance(error, InvalidInput):
        _complete(found, form)
    form.form_errors = [*form.form_errors, sentence(error.code, **error.values)]
    return _page(found, stored, form, stale=isinstance(error, StaleVersion)), error.status


def _page(found: Found[Assignment], stored: Review | None, form: ReviewForm, *, stale: bool = False) -> str:
    """`stale`: another window saved something else meanwhile; both texts are shown."""
    queue = queue_of(db.session(), found.row.juror)
    cover_names(db.session(), found.row.proposal, found.facts.proposal, current_actor(), utc_now())
    return render_template(
        "reviews/review.html",
        found=found,
        form=form,
        stored=stored,
        stale=stale,
        queue=queue,
        following=next_open(queue, found.row.id),
        newest=_newest_version(found),
        deadline=_deadline(found),
        differences=differences_of(db.session(), found.row.proposal_id, current_actor(), utc_now()),
    )


def _deadline(found: Found[Assignment]) -> datetime | None:
    stage = found.facts.round.stage()
    return stage.closes_at if stage else None
