"""Reading organizations, their people and invitations."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, bindparam, case, func, select
from sqlalchemy.orm import Session, contains_eager

from crowd.accounts.models import Account, BrowserSession
from crowd.core.status import OrganizationRole, OrganizationStatus
from crowd.organizations.models import Membership, Organization, OrganizationInvitation
from crowd.store.among import among, listed
from crowd.store.prepared import Prepared, Question
from crowd.store.search import fold
from crowd.store.secrets import token_hash

SIZE = 30
RESERVED = frozenset({"new", "invitations"})
"""Slugs that would hide a page."""

_GAPS = re.compile(r"[^a-z0-9]+")
_ORDER = case({role: place for place, role in enumerate(OrganizationRole)}, value=Membership.role)


def free_slug(session: Session, name: str) -> str:
    """A slug for this name that nobody has: `city-library`, `city-library-2`."""
    stem = _GAPS.sub("-", fold(name)).strip("-")[:48].strip("-") or "organization"
    taken = set(session.scalars(select(Organization.slug).where(Organization.slug.startswith(stem, autoescape=True))))
    taken |= RESERVED
    number = 1
    slug = stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


def roles_of(keys: Iterable[str], organization_id: int) -> Question:
    """Of the people signed in by these sessions, by the hashes of their keys: `account_id`, `role` in the organization."""
    return _roles, {"keys": listed(keys), "organization": organization_id}


@Prepared
def _roles() -> Select[Any]:
    member, here = Membership.__table__.c, BrowserSession.__table__.c
    return (
        select(member.account_id, member.role)
        .join_from(Membership.__table__, BrowserSession.__table__, here.account_id == member.account_id)
        .where(among(here.key_hash, "keys"), member.organization_id == bindparam("organization"))
    )


def get_organization(session: Session, slug: str) -> Organization | None:
    return session.scalar(select(Organization).where(Organization.slug == slug))


def list_waiting(session: Session) -> Sequence[tuple[Organization, Account | None]]:
    """Organizations that wait for an administrator, the oldest first, each with who asked."""
    rows = session.execute(
        select(Organization, Account)
        .outerjoin(Account, Organization.requested_by_id == Account.id)
        .where(Organization.status == OrganizationStatus.REQUESTED)
        .order_by(Organization.created_at, Organization.id)
    )
    return [(row[0], row[1]) for row in rows]


def count_waiting(session: Session) -> int:
    waiting = Organization.status == OrganizationStatus.REQUESTED
    return session.scalar(select(func.count()).select_from(Organization).where(waiting)) or 0


def list_members(session: Session, organization_id: int) -> Sequence[Membership]:
    """Members with their accounts: owners first, then by name."""
    return session.scalars(
        select(Membership)
        .join(Membership.account)
        .options(contains_eager(Membership.account))
        .where(Membership.organization_id == organization_id)
        .order_by(_ORDER, func.lower(Account.name), Membership.id)
    ).all()


def get_membership(session: Session, organization_id: int, public_id: str) -> Membership | None:
    """The membership of the person with this public id."""
    return session.scalar(
        select(Membership)
        .join(Membership.account)
        .options(contains_eager(Membership.account))
        .where(Membership.organization_id == organization_id, Account.public_id == public_id)
    )


def count_owners(session: Session, organization_id: int) -> int:
    owners = (Membership.organization_id == organization_id, Membership.role == OrganizationRole.OWNER)
    return session.scalar(select(func.count()).select_from(Membership).where(*owners)) or 0


def list_own_organizations(session: Session, account_id: int) -> Sequence[Membership]:
    """A person's memberships with their organizations, by name."""
    return session.scalars(
        select(Membership)
        .join(Membership.organization)
        .options(contains_eager(Membership.organization))
        .where(Membership.account_id == account_id)
        .order_by(func.lower(Organization.name))
    ).all()


def list_pending_invitations(session: Session, organization_id: int) -> Sequence[OrganizationInvitation]:
    """Invitations without an answer, also those grown old (they can be sent again)."""
    return session.scalars(
        select(OrganizationInvitation)
        .where(
            OrganizationInvitation.organization_id == organization_id,
            OrganizationInvitation.accepted_at.is_(None),
            OrganizationInvitation.withdrawn_at.is_(None),
        )
        .order_by(OrganizationInvitation.created_at.desc(), OrganizationInvitation.id.desc())
    ).all()


def get_invitation(session: Session, organization_id: int, public_id: str) -> OrganizationInvitation | None:
    return session.scalar(
        select(OrganizationInvitation).where(
            OrganizationInvitation.public_id == public_id, OrganizationInvitation.organization_id == organization_id
        )
    )


def get_invitation_by_token(session: Session, token: str) -> tuple[OrganizationInvitation, Organization] | None:
    """An invitation with its organization, whether it still holds or not."""
    row = session.execute(
        select(OrganizationInvitation, Organization)
        .join(Organization, OrganizationInvitation.organization_id == Organization.id)
        .where(OrganizationInvitation.token_hash == token_hash(token))
    ).first()
    return (row[0], row[1]) if row else None


def list_owners_accounts(session: Session, organization_id: int) -> Sequence[Account]:
    """Whom the platform writes to about an organization."""
    return session.scalars(
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.organization_id == organization_id,
            Membership.role == OrganizationRole.OWNER,
            Account.blocked_at.is_(None),
        )
        .order_by(Account.id)
    ).all()


def list_site_admins(session: Session) -> Sequence[Account]:
    return session.scalars(
        select(Account).where(Account.is_admin, Account.blocked_at.is_(None)).order_by(Account.id)
    ).all()
