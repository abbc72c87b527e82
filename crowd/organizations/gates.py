"""Organizations by their slug, the facts permissions ask about, and the roles an actor carries."""

from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from crowd.accounts.gates import current_account
from crowd.accounts.models import Account
from crowd.core.actor import VISITOR, Actor
from crowd.core.permissions import Permission
from crowd.core.status import OrganizationRole
from crowd.core.subjects import OrganizationFacts
from crowd.organizations.models import Membership, Organization
from crowd.store.db import db
from crowd.web.access import Found, Gate


def load_actor() -> Actor:
    """The current actor: the signed-in account and its roles, one query beside flask-login's own."""
    account = current_account()
    if account is None:
        return VISITOR
    return actor_of(db.session(), account.id)


def actor_of(session: Session, account_id: int) -> Actor:
    """The actor of any account, for jobs and tests."""
    account = session.get_one(Account, account_id)
    rows = session.execute(_roles(), {"account": account_id})
    return Actor(
        account_id=account.id,
        public_id=account.public_id,
        name=account.name,
        language=account.language,
        time_zone=account.time_zone,
        verified=account.verified_at is not None,
        is_admin=account.is_admin,
        roles=dict(iter(rows)),
    )


@cache
def _roles() -> Select[int, OrganizationRole]:
    """Asked on every page, so built once."""
    return select(Membership.organization_id, Membership.role).where(Membership.account_id == bindparam("account"))


def organization_facts(organization: Organization) -> OrganizationFacts:
    return OrganizationFacts(organization.id, organization.status)


def find_organization(session: Session, slug: str) -> Found[Organization] | None:
    organization = session.scalar(select(Organization).where(Organization.slug == slug))
    return Found(organization, organization_facts(organization)) if organization else None


organization_gate = Gate(find_organization, Permission.ORGANIZATION_VIEW, "slug")
