"""Organizations by their slug, the facts permissions ask about, and the roles an actor carries."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    TableClause,
    and_,
    bindparam,
    cast,
    column,
    literal_column,
    null,
    or_,
    select,
    table,
    union_all,
)
from sqlalchemy.orm import Session

from crowd.accounts.gates import signed_in
from crowd.accounts.models import Account
from crowd.core.actor import VISITOR, Actor
from crowd.core.permissions import Permission
from crowd.core.subjects import OrganizationFacts
from crowd.organizations.models import Membership, Organization
from crowd.store.db import db
from crowd.store.prepared import Prepared
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
    rows = _standing.all(session, account=account.id)
    return person_acting(
        account,
        roles={row.id: row.role for row in rows if row.role is not None},
        invited_to=frozenset(row.id for row in rows if row.kind == "invited"),
        recused_from=frozenset(row.id for row in rows if row.kind == "recused"),
        blind_in=frozenset(row.id for row in rows if row.kind == "blind"),
        late_until={row.id: row.until for row in rows if row.until is not None},
    )


def person_acting(account: Any, **standing: Any) -> Actor:
    """`account`: the row, or the columns of it that are read for every page. With no standing but what is given."""
    return Actor(
        account_id=account.id,
        public_id=account.public_id,
        name=account.name,
        language=account.language,
        time_zone=account.time_zone,
        verified=account.verified_at is not None,
        is_admin=account.is_admin,
        since=account.created_at,
        **standing,
    )


@Prepared
def _standing() -> CompoundSelect[Any]:
    """Roles, calls one is invited to, permits to hand in late, proposals and authors that a reviewer may not know: asked on
    every page, so one statement, built once.

    All but the first by the names of their tables, because calls and what is above them are areas above this one.
    """
    who: ColumnElement[int] = bindparam("account")
    member = Membership.__table__.c
    no_role, no_date = cast(null(), member.role.type), cast(null(), UtcDateTime())
    invited = table("admissions", column("account_id"), column("call_id"))
    late = table(
        "late_permits", column("account_id"), column("call_id"), column("until", UtcDateTime()), column("revoked_at")
    )
    plain: ColumnElement[str] = literal_column("''").label("kind")
    return union_all(
        select(member.organization_id.label("id"), member.role, no_date.label("until"), plain).where(
            member.account_id == who
        ),
        select(invited.c.call_id, no_role, no_date, literal_column("'invited'")).where(invited.c.account_id == who),
        select(late.c.call_id, no_role, late.c.until, plain).where(
            late.c.account_id == who, late.c.revoked_at.is_(None)
        ),
        _recused(who).add_columns(no_role, no_date, literal_column("'recused'")),
        _blind(who).add_columns(no_role, no_date, literal_column("'blind'")),
    )


def _calls() -> TableClause:
    return table("calls", column("id"), column("results_published_at"))


def _recused(who: ColumnElement[int]) -> Select[Any]:
    """Proposals in which a conflict is on record, until the results of their call are published."""
    conflict, proposal = (
        table("exclusions", column("proposal_id"), column("account_id")),
        table("proposals", column("id"), column("call_id")),
    )
    call = _calls()
    return (
        select(conflict.c.proposal_id)
        .join_from(conflict, proposal, proposal.c.id == conflict.c.proposal_id)
        .join(call, call.c.id == proposal.c.call_id)
        .where(conflict.c.account_id == who, call.c.results_published_at.is_(None))
    )


def _blind(who: ColumnElement[int]) -> Select[Any]:
    """Calls with a jury that does not learn who the authors are, and in it a place of this person, accepted or offered."""
    juror = table("jurors", column("round_id"), column("account_id"), column("email_folded"), column("status"))
    place, call = table("rounds", column("id"), column("call_id"), column("blindness")), _calls()
    address = select(Account.email_folded).where(Account.id == who).scalar_subquery()
    return (
        select(place.c.call_id)
        .join_from(juror, place, place.c.id == juror.c.round_id)
        .join(call, call.c.id == place.c.call_id)
        .where(
            or_(juror.c.account_id == who, and_(juror.c.account_id.is_(None), juror.c.email_folded == address)),
            juror.c.status.in_(["invited", "accepted"]),
            place.c.blindness == "double",
            call.c.results_published_at.is_(None),
        )
    )


def organization_facts(organization: Organization) -> OrganizationFacts:
    return OrganizationFacts(organization.id, organization.status)


def find_organization(session: Session, slug: str) -> Found[Organization] | None:
    organization = session.scalar(select(Organization).where(Organization.slug == slug))
    return Found(organization, organization_facts(organization)) if organization else None


organization_gate = Gate(find_organization, Permission.ORGANIZATION_VIEW, "slug")
