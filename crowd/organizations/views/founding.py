"""Asking for an organization, editing its profile, asking again after a refusal."""

from flask import current_app, flash, redirect, render_template, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from crowd.core.errors import StaleVersion
from crowd.core.permissions import Permission
from crowd.core.status import OrganizationStatus
from crowd.organizations.actions import ask_again as move_again
from crowd.organizations.actions import edit_organization, request_organization
from crowd.organizations.forms import ProfileForm
from crowd.organizations.gates import organization_gate
from crowd.organizations.models import Organization
from crowd.organizations.views.blueprint import Reply, bp
from crowd.store.db import transaction, utc_now
from crowd.web.access import Found, current_actor, requires
from crowd.web.assets import accent_url
from crowd.web.forms import fill_errors
from crowd.web.text import _


def to_page(organization: Organization) -> Response:
    return redirect(url_for("pages.organization", slug=organization.slug), 303)


def form_page(form: ProfileForm, organization: Organization | None = None, *, stale: bool = False) -> str:
    """The form in the typed colour, if it is one."""
    colour = "" if form.accent.errors else (form.accent.data or "").strip()
    shown = accent_url(colour)
    return render_template(
        "organizations/profile.html", form=form, organization=organization, accent_url=shown, stale=stale
    )


@bp.get("/organizations/new")
@requires(Permission.ORGANIZATION_REQUEST)
def request() -> str:
    actor = current_actor()
    return form_page(ProfileForm(formdata=None, language=actor.language, time_zone=actor.time_zone))


@bp.post("/organizations/new")
@requires(Permission.ORGANIZATION_REQUEST)
def found() -> Reply:
    form = ProfileForm()
    if not form.validate():
        return form_page(form), 422
    if form.preview.data:
        return form_page(form)
    try:
        organization = _request(form)
    except IntegrityError:  # another one of this name at the same moment: the next address is free
        organization = _request(form)
    waits = organization.status is OrganizationStatus.REQUESTED
    said = _("Your request is with the administrators of this site.") if waits else _("Your organization is there.")
    flash(said, "success")
    return to_page(organization)


def _request(form: ProfileForm) -> Organization:
    self_service: bool = current_app.extensions["settings"].self_service
    with transaction() as session:
        return request_organization(
            session, form.command(), self_service=self_service, actor=current_actor(), now=utc_now()
        )


@bp.get("/organizations/<slug>/edit")
@organization_gate.requires(Permission.ORGANIZATION_EDIT)
def edit(found: Found[Organization]) -> str:
    return form_page(ProfileForm(formdata=None, obj=found.row), found.row)


@bp.post("/organizations/<slug>/edit")
@organization_gate.requires(Permission.ORGANIZATION_EDIT)
def save(found: Found[Organization]) -> Reply:
    form = ProfileForm()
    if not form.validate():
        return form_page(form, found.row), 422
    if form.preview.data:
        return form_page(form, found.row)
    try:
        with transaction(found.row) as session:
            edit_organization(
                session,
                found.row,
                form.command(),
                version=form.opened_version(),
                actor=current_actor(),
                now=utc_now(),
            )
    except StaleVersion as error:
        return _stale(form, found.row.slug, error)
    flash(_("Saved."), "success")
    return to_page(found.row)


def _stale(form: ProfileForm, slug: str, error: StaleVersion) -> Reply:
    """Both texts: the typed one in the form, the one saved meanwhile beside it. Saving again takes the typed one."""
    current = organization_gate.load(slug).row
    fill_errors(form, error)
    form.version.data = str(current.version)
    return form_page(form, current, stale=True), 409


@bp.post("/organizations/<slug>/ask-again")
@organization_gate.requires(Permission.ORGANIZATION_APPOINT)
def ask_again(found: Found[Organization]) -> Response:
    with transaction(found.row) as session:
        move_again(session, found.row, actor=current_actor(), now=utc_now())
    flash(_("Your request is with the administrators of this site."), "success")
    return to_page(found.row)
