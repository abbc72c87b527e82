"""Keeping the rules of a call as a template, and beginning the next call from one."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from crowd.calls.actions import begin_from, keep_template, remove_template
from crowd.calls.forms.template import TemplateForm
from crowd.calls.gates import call_gate
from crowd.calls.models import Call, CallTemplate
from crowd.calls.queries import list_templates
from crowd.calls.views.blueprint import bp
from crowd.core.actor import MANAGERS
from crowd.core.errors import DomainError
from crowd.core.permissions import Permission
from crowd.organizations.models import Organization
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor, requires
from crowd.web.forms import fill_errors
from crowd.web.text import _


@bp.get("/calls/<public_id>/template")
@call_gate.requires(Permission.CALL_MANAGE)
def template(found: Found[Call]) -> str:
    return _page(found, TemplateForm(formdata=None, name=found.row.title))


@bp.post("/calls/<public_id>/template")
@call_gate.requires(Permission.CALL_MANAGE)
def template_keep(found: Found[Call]) -> Any:
    form = TemplateForm()
    if not form.validate():
        return _page(found, form), 422
    try:
        with transaction(found.row) as session:
            keep_template(
                session, found.row, " ".join((form.name.data or "").split()), actor=current_actor(), now=utc_now()
            )
    except DomainError as error:
        fill_errors(form, error)
        return _page(found, form), error.status
    flash(_("Kept. It is offered to your organization's managers when they write a call."), "success")
    return redirect(url_for("calls.create"), 303)


@bp.post("/call-templates/<key>/begin")
@requires(Permission.SIGNED_IN)
def template_begin(key: str) -> Response:
    """A draft in the name of the organization whose template it is."""
    row, organization = _managed(key)
    with transaction(organization, row) as session:
        call = begin_from(session, row, organization, actor=current_actor(), now=utc_now())
    flash(_("A draft with the rules of “%(name)s” is begun. Look at its title and dates.", name=row.name), "success")
    return redirect(url_for("calls.edit", public_id=call.public_id), 303)


@bp.post("/call-templates/<key>/remove")
@requires(Permission.SIGNED_IN)
def template_remove(key: str) -> Response:
    row, organization = _managed(key)
    with transaction(organization, row) as session:
        remove_template(session, row, organization, actor=current_actor(), now=utc_now())
    flash(_("The template is removed. Calls begun from it stay as they are."), "success")
    return redirect(url_for("calls.create"), 303)


def _managed(key: str) -> tuple[CallTemplate, Organization]:
    """A template of an organization that the person manages; of others nobody learns that there is one."""
    managed = list_templates(db.session(), current_actor().organizations(MANAGERS))
    return next((pair for pair in managed if pair[0].public_id == key), None) or abort(404)


def _page(found: Found[Call], form: TemplateForm) -> str:
    return render_template("calls/template.html", call=found.row, form=form)
