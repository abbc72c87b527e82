"""Asking for an organization and editing what it says of itself."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.actions import recipient_of
from crowd.accounts.models import Account
from crowd.core.actor import Actor
from crowd.core.errors import StaleVersion
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.status import OrganizationRole, OrganizationStatus
from crowd.mailing.actions import send_letter
from crowd.organizations.commands import Profile
from crowd.organizations.gates import organization_facts
from crowd.organizations.models import Membership, Organization
from crowd.organizations.queries import free_slug, list_site_admins
from crowd.store.events import record
from crowd.web.access import require


def request_organization(
    session: Session, command: Profile, *, self_service: bool, actor: Actor, now: datetime
) -> Organization:
    """Found an organization; whoever asks becomes its owner. Unless `self_service` it waits for an administrator."""
    require(actor, Permission.ORGANIZATION_REQUEST, None, now)
    earlier = _same_request(session, command, actor)
    if earlier is not None:
        return earlier
    organization = Organization(
        slug=free_slug(session, command.name),
        status=OrganizationStatus.APPROVED if self_service else OrganizationStatus.REQUESTED,
        requested_by_id=actor.account_id,
        created_at=now,
        decided_at=now if self_service else None,
    )
    fill(organization, command)
    session.add(organization)
    session.flush()
    session.add(
        Membership(
            organization_id=organization.id, account_id=actor.account_id, role=OrganizationRole.OWNER, joined_at=now
        )
    )
    record(
        session,
        EventKind.ORGANIZATION_REQUESTED,
        now=now,
        actor_id=actor.account_id,
        organization_id=organization.id,
        target=organization.status,
    )
    if not self_service:
        tell_admins(session, organization, actor, now)
    return organization


def _same_request(session: Session, command: Profile, actor: Actor) -> Organization | None:
    """The form was sent twice: the one that waits already."""
    return session.scalar(
        select(Organization).where(
            Organization.requested_by_id == actor.account_id,
            Organization.name == command.name,
            Organization.status == OrganizationStatus.REQUESTED,
        )
    )


def tell_admins(session: Session, organization: Organization, actor: Actor, now: datetime) -> None:
    """One letter to each site administrator: somebody waits."""
    asker = session.get_one(Account, actor.account_id)
    for admin in list_site_admins(session):
        context = {"organization": organization, "asker": asker}
        send_letter(session, "organization_requested", recipient_of(admin), context, now=now)


def fill(organization: Organization, command: Profile) -> None:
    organization.name, organization.summary, organization.about = command.name, command.summary, command.about
    organization.website, organization.contact = command.website, command.contact
    organization.language, organization.time_zone = command.language, command.time_zone
    organization.accent = command.accent


def edit_organization(
    session: Session, organization: Organization, command: Profile, *, version: int, actor: Actor, now: datetime
) -> None:
    """`organization` is locked. Raises StaleVersion when somebody saved since `version` was read."""
    require(actor, Permission.ORGANIZATION_EDIT, organization_facts(organization), now)
    if version != organization.version:
        raise StaleVersion(version, organization.version)
    fill(organization, command)
    organization.version += 1
    record(
        session,
        EventKind.ORGANIZATION_EDITED,
        now=now,
        actor_id=actor.account_id,
        organization_id=organization.id,
        version=organization.version,
    )
