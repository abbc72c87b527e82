"""Answering an invitation. Whoever holds the mailed link may answer, with an account or after making one."""

from flask import abort, flash, redirect, render_template, url_for

from crowd.accounts.gates import current_account
from crowd.core.errors import DomainError, NotAllowed
from crowd.core.permissions import Permission
from crowd.organizations.actions import accept_invitation, check_invitation, decline_invitation
from crowd.organizations.models import Organization, OrganizationInvitation
from crowd.organizations.queries import get_invitation_by_token
from crowd.organizations.views.blueprint import Reply, bp
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import public, requires
from crowd.web.errors import sentence
from crowd.web.text import _


def _load(token: str) -> tuple[OrganizationInvitation, Organization]:
    found = get_invitation_by_token(db.session(), token)
    if found is None:
        abort(404)
    return found


def _over(organization: Organization, error: DomainError) -> Reply:
    reason = sentence(error.code)
    return render_template("organizations/invitation_over.html", organization=organization, reason=reason), 410


@bp.get("/organizations/invitations/<token>")
@public
def invitation(token: str) -> Reply:
    found, organization = _load(token)
    try:
        check_invitation(found, utc_now())
    except DomainError as error:
        return _over(organization, error)
    return render_template(
        "organizations/invitation.html",
        invitation=found,
        organization=organization,
        token=token,
        account=current_account(),
    )


@bp.post("/organizations/invitations/<token>/accept")
@requires(Permission.SIGNED_IN)
def accept(token: str) -> Reply:
    found, organization = _load(token)
    account = current_account()
    if account is None:
        raise NotAllowed("signed_in")
    try:
        with transaction(organization, found, account) as session:
            accept_invitation(session, organization, found, account, utc_now())
    except DomainError as error:
        return _over(_load(token)[1], error)
    flash(_("Welcome to %(organization)s.", organization=organization.name), "success")
    return redirect(url_for("pages.organization", slug=organization.slug), 303)


@bp.post("/organizations/invitations/<token>/decline")
@public
def decline(token: str) -> Reply:
    found = _load(token)[0]
    try:
        with transaction(found):
            decline_invitation(found, utc_now())
    except DomainError as error:
        return _over(_load(token)[1], error)
    flash(_("You declined the invitation."), "success")
    return redirect(url_for("pages.home"), 303)
