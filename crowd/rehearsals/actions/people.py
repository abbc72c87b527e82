"""Synthetic people of one rehearsal: accounts without a password that are blocked from the start."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.status import OrganizationRole
from crowd.store.secrets import new_key

NAMES = (
    "Ada",
    "Bo",
    "Chen",
    "Dara",
    "Emil",
    "Fatou",
    "Gita",
    "Hana",
    "Ines",
    "Jon",
    "Kai",
    "Lea",
    "Milo",
    "Noor",
    "Omar",
)


def make_people(session: Session, call: Call, count: int, now: datetime) -> Sequence[Account]:
    """New people of this rehearsal. They can never sign in: no password, blocked, an address that reaches nobody."""
    known = session.scalar(select(func.count()).where(Account.rehearsal_id == call.id)) or 0
    people = [_person(call, known + place, now) for place in range(count)]
    session.add_all(people)
    session.flush()
    return people


def _person(call: Call, place: int, now: datetime) -> Account:
    email = f"{place}@{call.public_id}.rehearsal.invalid"
    return Account(
        email=email,
        email_folded=email,
        name=f"{NAMES[place % len(NAMES)]} {place + 1}",
        unsubscribe_key=new_key(),
        created_at=now,
        verified_at=now,
        blocked_at=now,
        profile_public=False,
        rehearsal_id=call.id,
    )


LONG_AGO = timedelta(days=3_650)
"""Synthetic people are older than any vote asks for."""


def actor_for(account: Account, call: Call, *, member: bool) -> Actor:
    """As whom the person acts: invited, and a member where the rules ask for one."""
    roles = {call.organization_id: OrganizationRole.MEMBER} if member else {}
    return Actor(
        account.id,
        account.public_id,
        account.name,
        verified=True,
        since=account.created_at - LONG_AGO,
        roles=roles,
        invited_to=frozenset({call.id}),
    )
