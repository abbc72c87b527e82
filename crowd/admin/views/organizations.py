"""Organizations that wait for an answer."""

from flask import abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from crowd.admin.forms import ReasonForm
from crowd.admin.views.blueprint import Reply, bp
from crowd.core.permissions import Permission
from crowd.organizations.actions import approve_organization, refuse_organization
from crowd.organizations.models import Organization
from crowd.organizations.queries import get_organization, list_waiting
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import current_actor, requires
from crowd.web.text import _


@bp.get("/admin/organizations")
@requires(Permission.SITE_ADMIN)
def organizations() -> str:
    return render_template("admin/organizations.html", waiting=list_waiting(db.session()))


def _load(slug: str) -> Organization:
    organization = get_organization(db.session(), slug)
    if organization is None:
        abort(404)
    return organization


@bp.post("/admin/organizations/<slug>/approve")
@requires(Permission.SITE_ADMIN)
def approve(slug: str) -> Response:
    organization = _load(slug)
    with transaction(organization) as session:
        approve_organization(session, organization, actor=current_actor(), now=utc_now())
    flash(_("%(organization)s is approved; its owner is told.", organization=organization.name), "success")
    return redirect(url_for("admin.organizations"), 303)


@bp.get("/admin/organizations/<slug>/refuse")
@requires(Permission.SITE_ADMIN)
def ask_refusal(slug: str) -> str:
    return render_template("admin/refuse.html", organization=_load(slug), form=ReasonForm(formdata=None))


@bp.post("/admin/organizations/<slug>/refuse")
@requires(Permission.SITE_ADMIN)
def refuse(slug: str) -> Reply:
    organization, form = _load(slug), ReasonForm()
    if not form.validate():
        return render_template("admin/refuse.html", organization=organization, form=form), 422
    with transaction(organization) as session:
        refuse_organization(session, organization, form.reason.data or "", actor=current_actor(), now=utc_now())
    flash(_("%(organization)s is refused; its owner reads the reason.", organization=organization.name), "success")
    return redirect(url_for("admin.organizations"), 303)
