"""Inviting people by mail. Whoever holds the link may answer; only the hash of its token is kept."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from crowd.accounts.actions import verify_account
from crowd.accounts.commands import fold_address
from crowd.accounts.models import Account
from crowd.accounts.queries import get_account_by_address
from crowd.core.actor import Actor
from crowd.core.errors import DomainError, InvalidInput
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.mailing.actions import Recipient, send_letter
from crowd.organizations.commands import InviteMember
from crowd.organizations.gates import organization_facts
from crowd.organizations.models import Membership, Organization, OrganizationInvitation
from crowd.organizations.queries import list_pending_invitations
from crowd.store.events import record
from crowd.store.secrets import new_token, token_hash
from crowd.web.access import require
from crowd.web.links import absolute_link

HOLDS = timedelta(days=14)


def invite_member(
    session: Session, organization: Organization, command: InviteMember, *, actor: Actor, now: datetime
) -> OrganizationInvitation:
    """`organization` is locked. Raises InvalidInput("already_member") or ("already_invited") beside `email`."""
    require(actor, Permission.ORGANIZATION_APPOINT, organization_facts(organization), now)
    account = get_account_by_address(session, command.email)
    if account is not None and _is_member(session, organization, account):
        raise InvalidInput("already_member", "email")
    folded = fold_address(command.email)
    if any(fold_address(pending.email) == folded for pending in list_pending_invitations(session, organization.id)):
        raise InvalidInput("already_invited_member", "email")
    invitation = OrganizationInvitation(
        organization_id=organization.id,
        email=command.email,
        role=command.role,
        invited_by_id=actor.account_id,
        created_at=now,
    )
    session.add(invitation)
    _send(session, organization, invitation, account, actor=actor, now=now)
    return invitation


def _is_member(session: Session, organization: Organization, account: Account) -> bool:
    held = exists().where(Membership.organization_id == organization.id, Membership.account_id == account.id)
    return bool(session.scalar(select(held)))


def _send(
    session: Session,
    organization: Organization,
    invitation: OrganizationInvitation,
    account: Account | None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """A new link each time: the one before stops working."""
    token = new_token()
    invitation.token_hash, invitation.expires_at = token_hash(token), now + HOLDS
    session.flush()
    send_letter(
        session,
        "organization_invitation",
        _recipient(invitation, organization, account),
        {
            "organization": organization,
            "inviter": actor.name,
            "role": invitation.role,
            "address": absolute_link(f"/organizations/invitations/{token}"),
            "until": invitation.expires_at,
        },
        now=now,
        has_secret=True,
        organization_id=organization.id,
    )
    record(
        session,
        EventKind.MEMBER_INVITED,
        now=now,
        actor_id=actor.account_id,
        organization_id=organization.id,
        subject_id=invitation.id,
        target=invitation.role,
    )


def _recipient(invitation: OrganizationInvitation, organization: Organization, account: Account | None) -> Recipient:
    if account is not None:
        return Recipient(invitation.email, account.name, account.language, account.id, account.time_zone)
    return Recipient(invitation.email, "", organization.language, None, organization.time_zone)


def resend_invitation(
    session: Session, organization: Organization, invitation: OrganizationInvitation, *, actor: Actor, now: datetime
) -> None:
    """Both rows are locked. Raises DomainError("member_invitation_over") when it was answered or withdrawn."""
    require(actor, Permission.ORGANIZATION_APPOINT, organization_facts(organization), now)
    if invitation.accepted_at is not None or invitation.withdrawn_at is not None:
        raise DomainError("member_invitation_over")
    account = get_account_by_address(session, invitation.email)
    _send(session, organization, invitation, account, actor=actor, now=now)


def withdraw_invitation(
    organization: Organization, invitation: OrganizationInvitation, *, actor: Actor, now: datetime
) -> None:
    """`invitation` is locked. Raises DomainError("member_invitation_over") when it was accepted."""
    require(actor, Permission.ORGANIZATION_APPOINT, organization_facts(organization), now)
    if invitation.accepted_at is not None:
        raise DomainError("member_invitation_over")
    invitation.withdrawn_at = invitation.withdrawn_at or now


def check_invitation(invitation: OrganizationInvitation, now: datetime) -> None:
    """Raises DomainError("member_invitation_over") or ("link_expired")."""
    if invitation.accepted_at is not None or invitation.withdrawn_at is not None:
        raise DomainError("member_invitation_over")
    if invitation.expires_at <= now:
        raise DomainError("link_expired")


def accept_invitation(
    session: Session, organization: Organization, invitation: OrganizationInvitation, account: Account, now: datetime
) -> None:
    """All three rows are locked. The link came by mail, so it also proves the address if it is the account's own."""
    check_invitation(invitation, now)
    invitation.accepted_at = now
    if fold_address(invitation.email) == account.email_folded:
        verify_account(session, account, now=now)
    if _is_member(session, organization, account):
        return
    session.add(Membership(organization_id=organization.id, account_id=account.id, role=invitation.role, joined_at=now))
    record(
        session,
        EventKind.MEMBER_JOINED,
        now=now,
        actor_id=account.id,
        organization_id=organization.id,
        subject_id=account.id,
        target=invitation.role,
    )


def decline_invitation(invitation: OrganizationInvitation, now: datetime) -> None:
    """`invitation` is locked."""
    check_invitation(invitation, now)
    invitation.withdrawn_at = now
