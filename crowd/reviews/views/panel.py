"""The panel on one proposal: what the others wrote, once one's own review is in, and the talk about it."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from crowd.core.errors import InvalidInput
from crowd.core.permissions import Permission
from crowd.reviews.actions import say_as_chair, say_as_juror
from crowd.reviews.forms import CONFIDENCE, RemarkForm
from crowd.reviews.gates import assignment_gate, round_gate
from crowd.reviews.models import Assignment
from crowd.reviews.queries import panel_on
from crowd.reviews.views.assigning import PROPOSAL, candidate_or_404, proposal_page
from crowd.reviews.views.blueprint import bp, found_again, round_url
from crowd.rounds.models import CallRound
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _


@bp.app_template_filter()
def confidence_words(level: int | None) -> Any:
    return CONFIDENCE.get(level or 0, "")


@bp.get("/reviews/<public_id>/panel")
@assignment_gate.requires(Permission.REVIEW_PANEL)
def panel(found: Found[Assignment]) -> str:
    return _page(found, RemarkForm(formdata=None))


@bp.post("/reviews/<public_id>/panel")
@assignment_gate.requires(Permission.REVIEW_DISCUSS)
def remark(found: Found[Assignment]) -> Any:
    form = RemarkForm()
    if not form.validate():
        return _page(found, form), 422
    try:
        with transaction(found.row.juror.round.call, found.row) as session:
            say_as_juror(session, found.row, form.text.data or "", actor=current_actor(), now=utc_now())
    except InvalidInput as error:
        fill_errors(form, error)
        return _page(assignment_gate.load(found.row.public_id), form), error.status
    flash(_("Said. Whoever reviewed this proposal is told."), "success")
    return redirect(url_for(".panel", public_id=found.row.public_id, _anchor="talk"), 303)


@bp.post(f"{PROPOSAL}/remark")
@round_gate.requires(Permission.ROUND_CHAIR)
def remark_as_chair(found: Found[CallRound], proposal_id: str) -> Any:
    candidate, form = candidate_or_404(found, proposal_id), RemarkForm()
    if not form.validate():
        return proposal_page(found, proposal_id, remark=form), 422
    try:
        with transaction(found.row.call, candidate) as session:
            say_as_chair(session, found.row, candidate, form.text.data or "", actor=current_actor(), now=utc_now())
    except InvalidInput as error:
        fill_errors(form, error)
        return proposal_page(found_again(), proposal_id, remark=form), error.status
    flash(_("Said. Whoever reviewed this proposal is told."), "success")
    return redirect(round_url("reviews.proposal", found.row, proposal_id=proposal_id), 303)


def _page(found: Found[Assignment], form: RemarkForm) -> str:
    said = panel_on(db.session(), found.row.round_id, found.row.proposal_id)
    return render_template("reviews/panel.html", found=found, said=said, form=form)
