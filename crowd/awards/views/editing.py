"""Changing a prize before any of it is paid."""

from typing import Any

from flask import flash, render_template

from crowd.awards.actions import edit_award
from crowd.awards.forms import AwardEditForm
from crowd.awards.models import Award
from crowd.awards.queries import changes_of
from crowd.awards.views.blueprint import bp
from crowd.awards.views.ledger import award_of, back
from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.awards import amount_text
from crowd.core.errors import DomainError, StaleVersion
from crowd.core.permissions import Permission
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _


def _page(found: Found[Call], award: Award, form: AwardEditForm) -> str:
    return render_template("awards/edit.html", found=found, award=award, form=form)


@bp.get("/calls/<public_id>/awards/<award>/edit")
@call_gate.requires(Permission.AWARDS_VIEW)
def edit(found: Found[Call], award: str) -> str:
    row = award_of(found, award)
    form = AwardEditForm(formdata=None)
    form.title.data, form.currency.data, form.thing.data = row.title, row.currency, row.thing
    form.amount.data = amount_text(row.amount, row.currency) if row.amount else ""
    form.version.data = str(len(changes_of(db.session(), row.id)))
    return _page(found, row, form)


@bp.post("/calls/<public_id>/awards/<award>/edit")
@call_gate.requires(Permission.AWARDS_VIEW)
def edit_save(found: Found[Call], award: str) -> Any:
    row, form = award_of(found, award), AwardEditForm()
    if not form.validate_on_submit():
        return _page(found, row, form), 422
    try:
        with transaction(row) as session:
            edit_award(session, row, form.command(), actor=current_actor(), now=utc_now())
    except DomainError as error:
        if error.status not in {409, 422}:
            raise
        found = call_gate.load(found.row.public_id)
        row = award_of(found, award)
        if isinstance(error, StaleVersion):
            form.version.data = str(len(changes_of(db.session(), row.id)))
        fill_errors(form, error)
        return _page(found, row, form), error.status
    flash(_("Changed. What it was before stays in the ledger, and its receivers are told."), "success")
    return back(found, row)
