"""Words about somebody's part: written, and taken away."""

from typing import Any

from flask import flash, redirect, url_for

from crowd.core.errors import InvalidInput
from crowd.core.permissions import Permission
from crowd.selection.actions.endorsing import endorse, remove_endorsement
from crowd.selection.forms.crediting import EndorseForm
from crowd.selection.gates import credit_gate, endorsement_gate
from crowd.selection.models import Credit, Endorsement
from crowd.selection.views.blueprint import bp
from crowd.selection.views.certificates import certificate_or_404, certificate_page
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _


@bp.post("/certificates/<code>/endorse")
@credit_gate.requires(Permission.CREDIT_ENDORSE)
def endorse_credit(found: Found[Credit]) -> Any:
    form, code = EndorseForm(), found.row.code
    if not form.validate_on_submit():
        return certificate_page(certificate_or_404(code), endorse=form), 422
    try:
        with transaction(found.row) as session:
            endorse(session, found.row, form.command(), actor=current_actor(), now=utc_now())
    except InvalidInput as error:
        fill_errors(form, error)
        return certificate_page(certificate_or_404(code), endorse=form), 422
    flash(_("Your words stand beside this credit. Whoever they are about can take them away."), "success")
    return redirect(url_for(".certificate", code=code), 303)


@bp.post("/endorsements/<public_id>/remove")
@endorsement_gate.requires()
def remove(found: Found[Endorsement]) -> Any:
    code = db.session.get_one(Credit, found.row.credit_id).code
    with transaction(found.row) as session:
        remove_endorsement(session, found.row, actor=current_actor(), now=utc_now())
    flash(_("The words are taken away."), "success")
    return redirect(url_for(".certificate", code=code), 303)
