"""Who sees a call: the judge and the SQL give the same answer."""

import itertools

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.gates import facts_of_call
from crowd.calls.models import Admission, Call
from crowd.calls.queries import listed, visible_to
from crowd.core.actor import VISITOR, Actor
from crowd.core.permissions import Permission, judge
from crowd.core.rules import Audience
from crowd.core.status import CallStatus, OrganizationRole, OrganizationStatus
from crowd.organizations.gates import actor_of
from crowd.store.db import transaction, utc_now
from tests.make import make_account, make_call, make_member, make_organization, make_rules


def actors(organization_id: int, session: Session) -> dict[str, Actor]:
    """One person for every role, and two that have none here."""
    people: dict[str, Actor] = {"visitor": VISITOR, "stranger": actor_of(session, make_account("Stranger").id)}
    for role in OrganizationRole:
        account = make_account(f"The {role}")
        people[role.value] = Actor(account.id, verified=True, roles={organization_id: role})
    people["invited"] = actor_of(session, make_account("Ivo").id)
    people["manager elsewhere"] = Actor(
        make_account().id, verified=True, roles={make_organization().id: OrganizationRole.MANAGER}
    )
    return people


@pytest.mark.parametrize("organization_status", [OrganizationStatus.APPROVED, OrganizationStatus.REFUSED])
def test_sql_and_judge_agree_for_every_status_role_and_audience(
    session: Session, organization_status: OrganizationStatus
) -> None:
    organization = make_organization(status=organization_status)
    calls = [
        make_call(organization, make_rules(audience=audience), status=status)
        for status, audience in itertools.product(CallStatus, Audience)
    ]
    now, seen, people = utc_now(), 0, actors(organization.id, session)
    with transaction() as writing:
        writing.add_all(Admission(account_id=people["invited"].account_id, call_id=c.id, at=now) for c in calls)
    people["invited"] = actor_of(session, people["invited"].account_id or 0)
    assert people["invited"].invited_to == {call.id for call in calls}
    for name, actor in people.items():
        found = set(session.scalars(select(Call.id).join(Call.organization).where(visible_to(actor, now))))
        named = set(session.scalars(select(Call.id).join(Call.organization).where(listed(actor, now))))
        for call in calls:
            facts = facts_of_call(session, call.id)
            allowed = bool(judge(actor, Permission.CALL_VIEW, facts, now))
            assert (call.id in found) is allowed, (name, call.status, call.audience)
            own = organization.id in actor.roles
            in_lists = (
                allowed and call.status is not CallStatus.DRAFT and (own or call.audience is not Audience.UNLISTED)
            )
            assert (call.id in named) is in_lists, (name, call.status, call.audience)
            seen += allowed
    assert seen > 0


def test_a_member_of_the_database_counts_as_one(session: Session) -> None:
    organization = make_organization()
    member = make_member(organization, OrganizationRole.MEMBER)
    call = make_call(organization, make_rules(audience=Audience.MEMBERS))
    actor = actor_of(session, member.id)
    assert judge(actor, Permission.CALL_VIEW, facts_of_call(session, call.id), utc_now())
    assert not judge(VISITOR, Permission.CALL_VIEW, facts_of_call(session, call.id), utc_now())
