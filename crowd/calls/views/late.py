"""Leave for one person to hand in after the close."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from crowd.calls.actions import give_permit, revoke_permit
from crowd.calls.forms.guests import PermitForm
from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.calls.queries import get_permit, list_permits
from crowd.calls.views.blueprint import bp
from crowd.core.errors import DomainError
from crowd.core.permissions import Permission
from crowd.core.stages import last_late
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _


@bp.get("/calls/<public_id>/late")
@call_gate.requires(Permission.CALL_MANAGE)
def late(found: Found[Call]) -> str:
    return _page(found, _form(found))


@bp.post("/calls/<public_id>/late")
@call_gate.requires(Permission.CALL_SCHEDULE)
def permit_late(found: Found[Call]) -> Any:
    form = _form(found)
    command = form.command() if form.validate() else None
    if command is None:
        return _page(found, form), 422
    try:
        with transaction(found.row) as session:
            give_permit(session, found.row, command, actor=current_actor(), now=utc_now())
    except DomainError as error:
        fill_errors(form, error)
        return _page(found, form), error.status
    flash(_("The permit is given and mailed."), "success")
    return redirect(url_for("calls.late", public_id=found.row.public_id), 303)


@bp.post("/calls/<public_id>/late/<permit>/revoke")
@call_gate.requires(Permission.CALL_SCHEDULE)
def revoke_late(found: Found[Call], permit: str) -> Response:
    row = get_permit(db.session(), found.row.id, permit)
    if row is None:
        abort(404)
    with transaction(found.row, row) as session:
        revoke_permit(session, found.row, row, actor=current_actor(), now=utc_now())
    flash(_("The permit is revoked."), "success")
    return redirect(url_for("calls.late", public_id=found.row.public_id), 303)


def _form(found: Found[Call]) -> PermitForm:
    return PermitForm(found.facts.rules.time_zone, last_late(found.facts.schedule))


def _page(found: Found[Call], form: PermitForm) -> str:
    return render_template(
        "calls/late.html",
        found=found,
        call=found.row,
        form=form,
        permits=list_permits(db.session(), found.row.id),
        possible=found.facts.takes_late(utc_now()),
    )
