"""Putting a credit right, in public."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from crowd.core.credit import CreditRole, OwnRole, percent_text, read_percent
from crowd.core.errors import InvalidInput
from crowd.core.permissions import Permission
from crowd.selection.actions.correct import correct_credit
from crowd.selection.commands import CorrectCredit
from crowd.selection.forms.crediting import CreditForm
from crowd.selection.models import Credit
from crowd.selection.queries.certificates import find_certificate
from crowd.selection.views.blueprint import bp
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, Gate, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _


def _find_credit(_session: Any, code: str) -> Found[Credit] | None:
    found = find_certificate(db.session(), code)
    return Found(found.credit, found.facts) if found else None


corrected_gate: Gate[Credit] = Gate(_find_credit, Permission.CALL_VIEW, "code")


@bp.get("/certificates/<code>/correct")
@corrected_gate.requires(Permission.SELECTION_CORRECT)
def credit_correction(found: Found[Credit]) -> Any:
    credit = found.row
    form = _form(credit, formdata=None)
    form.share.data = percent_text(credit.share)
    if "name" in form:
        form.name.data = credit.name
    form.roles.data, form.revoked.data = list(credit.roles), credit.revoked_at is not None
    return _correction_page(found, form)


@bp.post("/certificates/<code>/correct")
@corrected_gate.requires(Permission.SELECTION_CORRECT)
def correct_this_credit(found: Found[Credit]) -> Any:
    form = _form(found.row)
    if not form.validate_on_submit():
        return _correction_page(found, form), 422
    try:
        with transaction(found.row) as session:
            correct_credit(session, found.row, _command(form), actor=current_actor(), now=utc_now())
    except InvalidInput as error:
        fill_errors(form, error)
        return _correction_page(corrected_gate.load(found.row.code), form), 422
    flash(_("Corrected in public. The person is told, with your note."), "success")
    return redirect(url_for(".certificate", code=found.row.code), 303)


def _form(credit: Credit, **kwargs: Any) -> CreditForm:
    """Nobody gives a name to somebody who does not want to be named."""
    form = CreditForm(**kwargs)
    if not credit.name:
        del form.name
    return form


def _command(form: CreditForm) -> CorrectCredit:
    known = {role.value for role in (*CreditRole, *OwnRole)}
    return CorrectCredit(
        name=(form.name.data or "") if "name" in form else "",
        roles=tuple(role for role in form.roles.data or () if role in known),
        share=read_percent(form.share.data or "0"),
        revoked=bool(form.revoked.data),
        note=form.note.data or "",
    )


def _correction_page(found: Found[Credit], form: CreditForm) -> str:
    return render_template("selection/credit.html", found=found, credit=found.row, form=form)
