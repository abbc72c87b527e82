"""Correcting a published outcome or reason."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from crowd.core.errors import DomainError, StaleVersion
from crowd.core.permissions import Permission
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import Proposal
from crowd.selection.actions.correct import CORRECTABLE, correct_outcome, published_outcome
from crowd.selection.forms import CorrectionForm
from crowd.selection.views.blueprint import bp
from crowd.store.db import transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _


@bp.get("/proposals/<public_id>/correction")
@proposal_gate.requires(Permission.SELECTION_CORRECT)
def correction(found: Found[Proposal]) -> Any:
    form = CorrectionForm(formdata=None)
    if found.row.status in CORRECTABLE:
        form.outcome.data = published_outcome(found.row).value
    form.reason.data, form.version.data = found.row.outcome_reason, str(found.row.version)
    return _page(found, form)


@bp.post("/proposals/<public_id>/correction")
@proposal_gate.requires(Permission.SELECTION_CORRECT)
def correct(found: Found[Proposal]) -> Any:
    form, call = CorrectionForm(), found.row.call.public_id
    if not form.validate_on_submit():
        return _page(found, form), 422
    try:
        with transaction(found.row.call, found.row) as session:
            correct_outcome(session, found.row, form.command(), actor=current_actor(), now=utc_now())
    except DomainError as error:
        if error.status not in {409, 422}:
            raise
        return _refused(form, error, found.row.public_id)
    flash(_("Corrected in public. The authors are told, with your note."), "success")
    return redirect(url_for(".results", public_id=call), 303)


def _refused(form: CorrectionForm, error: DomainError, public_id: str) -> Any:
    """What was written stays; on a conflict what is published now stands beside it."""
    found = proposal_gate.load(public_id)
    if isinstance(error, StaleVersion):
        form.version.data = str(found.row.version)
    fill_errors(form, error)
    return _page(found, form, conflict=isinstance(error, StaleVersion)), error.status


def _page(found: Found[Proposal], form: CorrectionForm, *, conflict: bool = False) -> str:
    stake = current_actor().account_id in found.facts.stake_ids()
    return render_template("selection/correction.html", found=found, form=form, conflict=conflict, stake=stake)
