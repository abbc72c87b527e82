"""Appointing, removing, leaving. The organization's row is locked, so two owners cannot remove each other at once."""

from datetime import datetime

from sqlalchemy.orm import Session

from crowd.core.actor import Actor
from crowd.core.errors import DomainError
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.status import OrganizationRole
from crowd.organizations.gates import organization_facts
from crowd.organizations.models import Membership, Organization
from crowd.organizations.queries import count_owners
from crowd.store.events import record
from crowd.web.access import require


def set_role(
    session: Session,
    organization: Organization,
    membership: Membership,
    role: OrganizationRole,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Raises DomainError("last_owner")."""
    require(actor, Permission.ORGANIZATION_APPOINT, organization_facts(organization), now)
    if role is membership.role:
        return
    _keep_an_owner(session, membership)
    source, membership.role = membership.role, role
    record(
        session,
        EventKind.MEMBER_ROLE_CHANGED,
        now=now,
        actor_id=actor.account_id,
        organization_id=organization.id,
        subject_id=membership.account_id,
        source=source,
        target=role,
    )


def remove_member(
    session: Session, organization: Organization, membership: Membership, *, actor: Actor, now: datetime
) -> None:
    """Raises DomainError("last_owner")."""
    require(actor, Permission.ORGANIZATION_APPOINT, organization_facts(organization), now)
    _end(session, organization, membership, actor=actor, now=now)


def leave_organization(
    session: Session, organization: Organization, membership: Membership, *, actor: Actor, now: datetime
) -> None:
    """End one's own membership. Raises DomainError("last_owner")."""
    require(actor, Permission.ORGANIZATION_MEMBERS, organization_facts(organization), now)
    if membership.account_id != actor.account_id:
        raise DomainError("not_your_membership")
    _end(session, organization, membership, actor=actor, now=now)


def _end(session: Session, organization: Organization, membership: Membership, *, actor: Actor, now: datetime) -> None:
    _keep_an_owner(session, membership)
    session.delete(membership)
    record(
        session,
        EventKind.MEMBER_REMOVED,
        now=now,
        actor_id=actor.account_id,
        organization_id=organization.id,
        subject_id=membership.account_id,
        source=membership.role,
    )


def _keep_an_owner(session: Session, membership: Membership) -> None:
    """Before an owner steps down or goes."""
    if membership.role is OrganizationRole.OWNER and count_owners(session, membership.organization_id) < 2:
        raise DomainError("last_owner")
