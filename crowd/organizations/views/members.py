"""The people of an organization: roles, removing, leaving, inviting."""

from datetime import timedelta

from flask import abort, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from crowd.core.errors import DomainError
from crowd.core.permissions import Permission
from crowd.core.status import OrganizationRole
from crowd.organizations.actions import invite_member, leave_organization, remove_member, set_role
from crowd.organizations.actions import resend_invitation as send_invitation_again
from crowd.organizations.actions import withdraw_invitation as stop_invitation
from crowd.organizations.forms import ROLE_HELP, ROLE_WORDS, InviteForm, RoleForm
from crowd.organizations.gates import organization_gate
from crowd.organizations.models import Membership, Organization, OrganizationInvitation
from crowd.organizations.queries import get_invitation, get_membership, list_members, list_pending_invitations
from crowd.organizations.views.blueprint import Reply, bp
from crowd.store import limits
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, allowed, current_actor
from crowd.web.errors import sentence
from crowd.web.forms import fill_errors
from crowd.web.text import _

INVITATIONS = limits.Limit("invitations", 100, timedelta(hours=1))


def members_page(found: Found[Organization], form: InviteForm | None = None, refused: str | None = None) -> str:
    session, organization = db.session(), found.row
    appoints = allowed(Permission.ORGANIZATION_APPOINT, found.facts)
    return render_template(
        "organizations/members.html",
        found=found,
        organization=organization,
        members=list_members(session, organization.id),
        invitations=list_pending_invitations(session, organization.id) if appoints else [],
        appoints=appoints,
        form=form or InviteForm(formdata=None),
        refused=[refused] if refused else [],
        role_form=RoleForm(formdata=None),
        words=ROLE_WORDS,
        role_help=ROLE_HELP,
    )


def refused_page(slug: str, error: DomainError) -> Reply:
    """The same page with the sentence on top: the last owner, somebody who is gone."""
    return members_page(organization_gate.load(slug), refused=sentence(error.code)), error.status


def to_members(organization: Organization) -> Response:
    return redirect(url_for("organizations.members", slug=organization.slug), 303)


@bp.get("/organizations/<slug>/members")
@organization_gate.requires(Permission.ORGANIZATION_MEMBERS)
def members(found: Found[Organization]) -> str:
    return members_page(found)


@bp.post("/organizations/<slug>/members")
@organization_gate.requires(Permission.ORGANIZATION_APPOINT)
def invite(found: Found[Organization]) -> Reply:
    form = InviteForm()
    if form.validate():
        try:
            limits.take(_invitations_of(found.row), now=utc_now(), code="too_many_mails")
            with transaction(found.row) as session:
                invite_member(session, found.row, form.command(), actor=current_actor(), now=utc_now())
            flash(_("The invitation to %(email)s is on its way.", email=form.email.data), "success")
            return to_members(found.row)
        except DomainError as error:
            fill_errors(form, error)
            found = organization_gate.load(found.row.slug)
    return members_page(found, form), 422


def _invitations_of(organization: Organization) -> limits.Counted:
    return limits.counted(current_app.extensions["settings"].secret_key, INVITATIONS, organization.public_id)


def _member(found: Found[Organization], public_id: str) -> Membership:
    membership = get_membership(db.session(), found.row.id, public_id)
    if membership is None:
        abort(404)
    return membership


@bp.post("/organizations/<slug>/members/<public_id>/role")
@organization_gate.requires(Permission.ORGANIZATION_APPOINT)
def appoint(found: Found[Organization], public_id: str) -> Reply:
    membership, form, slug = _member(found, public_id), RoleForm(), found.row.slug
    if not form.validate():
        abort(422)
    try:
        with transaction(found.row, membership) as session:
            role = OrganizationRole(form.role.data)
            set_role(session, found.row, membership, role, actor=current_actor(), now=utc_now())
    except DomainError as error:
        return refused_page(slug, error)
    flash(_("%(name)s: %(role)s", name=membership.account.name, role=ROLE_WORDS[membership.role]), "success")
    return to_members(found.row)


@bp.post("/organizations/<slug>/members/<public_id>/remove")
@organization_gate.requires(Permission.ORGANIZATION_APPOINT)
def remove(found: Found[Organization], public_id: str) -> Reply:
    membership, slug = _member(found, public_id), found.row.slug
    try:
        with transaction(found.row, membership) as session:
            remove_member(session, found.row, membership, actor=current_actor(), now=utc_now())
    except DomainError as error:
        return refused_page(slug, error)
    flash(_("%(name)s is no longer a member.", name=membership.account.name), "success")
    return to_members(found.row)


@bp.post("/organizations/<slug>/leave")
@organization_gate.requires(Permission.ORGANIZATION_MEMBERS)
def leave(found: Found[Organization]) -> Reply:
    membership, slug = _member(found, current_actor().public_id), found.row.slug
    try:
        with transaction(found.row, membership) as session:
            leave_organization(session, found.row, membership, actor=current_actor(), now=utc_now())
    except DomainError as error:
        return refused_page(slug, error)
    flash(_("You left %(organization)s.", organization=found.row.name), "success")
    return redirect(url_for("pages.organizations"), 303)


def _invitation(found: Found[Organization], public_id: str) -> OrganizationInvitation:
    invitation = get_invitation(db.session(), found.row.id, public_id)
    if invitation is None:
        abort(404)
    return invitation


@bp.post("/organizations/<slug>/invitations/<public_id>/resend")
@organization_gate.requires(Permission.ORGANIZATION_APPOINT)
def resend_invitation(found: Found[Organization], public_id: str) -> Response:
    invitation = _invitation(found, public_id)
    with transaction(found.row, invitation) as session:
        send_invitation_again(session, found.row, invitation, actor=current_actor(), now=utc_now())
    flash(_("The invitation to %(email)s is on its way.", email=invitation.email), "success")
    return to_members(found.row)


@bp.post("/organizations/<slug>/invitations/<public_id>/withdraw")
@organization_gate.requires(Permission.ORGANIZATION_APPOINT)
def withdraw_invitation(found: Found[Organization], public_id: str) -> Response:
    invitation = _invitation(found, public_id)
    with transaction(found.row, invitation):
        stop_invitation(found.row, invitation, actor=current_actor(), now=utc_now())
    flash(_("The invitation is withdrawn: its link no longer works."), "success")
    return to_members(found.row)
