"""Organizations by their slug, the facts permissions ask about, and the roles an actor carries."""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, bindparam, cast, column, null, select, table, union_all
from sqlalchemy.orm import Session

from crowd.accounts.gates import signed_in
from crowd.accounts.models import Account
from crowd.core.actor import VISITOR, Actor
from crowd.core.permissions import Permission
from crowd.core.subjects import OrganizationFacts
from crowd.organizations.models import Membership, Organization
from crowd.store.db import db
from crowd.store.types import UtcDateTime
from crowd.web.access import Found, Gate


def load_actor() -> Actor:
    """The current actor: the person signed in, their roles and invitations, one query beside flask-login's own."""
    here = signed_in()
    return VISITOR if here is None else _actor(db.session(), here.person)


def actor_of(session: Session, account_id: int) -> Actor:
    """The actor of any account, for jobs and tests."""
    return _actor(session, session.get_one(Account, account_id))


def _actor(session: Session, account: Any) -> Actor:
    """`account`: the row, or the columns of it that are read for every page."""
    rows = session.connection().execute(_standing(), {"account": account.id}).all()
    return Actor(
        account_id=account.id,
        public_id=account.public_id,
        name=account.name,
        language=account.language,
        time_zone=account.time_zone,
        verified=account.verified_at is not None,
        is_admin=account.is_admin,
        since=account.created_at,
        roles={row.id: row.role for row in rows if row.role is not None},
        invited_to=frozenset(row.id for row in rows if row.role is None and row.until is None),
        late_until={row.id: row.until for row in rows if row.until is not None},
    )


@cache
def _standing() -> CompoundSelect[Any]:
    """Roles, calls one is invited to, permits to hand in late: asked on every page, so one statement, built once.

    The last two by the names of their tables, because calls are an area above this one.
    """
    who: ColumnElement[int] = bindparam("account")
    member = Membership.__table__.c
    no_role, no_date = cast(null(), member.role.type), cast(null(), UtcDateTime())
    invited = table("admissions", column("account_id"), column("call_id"))
    late = table(
        "late_permits", column("account_id"), column("call_id"), column("until", UtcDateTime()), column("revoked_at")
    )
    return union_all(
        select(member.organization_id.label("id"), member.role, no_date.label("until")).where(member.account_id == who),
        select(invited.c.call_id, no_role, no_date).where(invited.c.account_id == who),
        select(late.c.call_id, no_role, late.c.until).where(late.c.account_id == who, late.c.revoked_at.is_(None)),
    )


def organization_facts(organization: Organization) -> OrganizationFacts:
    return OrganizationFacts(organization.id, organization.status)


def find_organization(session: Session, slug: str) -> Found[Organization] | None:
    organization = session.scalar(select(Organization).where(Organization.slug == slug))
    return Found(organization, organization_facts(organization)) if organization else None


organization_gate = Gate(find_organization, Permission.ORGANIZATION_VIEW, "slug")
