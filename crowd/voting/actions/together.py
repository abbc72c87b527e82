"""First ballots of several voters in one commit, which is what most ballots of a busy vote are.

All that can be done before is: each is written out and hashed by whoever brings it, by what was known of the vote a moment ago. Under the
lock is read who they are and what holds now, and each is judged for themselves, by the one clock that is read after it. Whatever is not a
first ballot in order goes alone, by `cast_paper`, and hears there what is wrong.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from crowd.accounts.queries import holding_people, may_act
from crowd.core.actor import VISITOR, Actor
from crowd.core.bundle import group_of, leaf_line
from crowd.core.ledger import leaf_hash
from crowd.core.permissions import Permission, judge
from crowd.core.rules import Electorate, Round
from crowd.core.subjects import RoundFacts
from crowd.organizations.gates import person_acting
from crowd.organizations.queries import roles_of
from crowd.store.db import db
from crowd.store.gathering import Gathering
from crowd.store.prepared import CLOCK, ask_together
from crowd.store.together import writing_together
from crowd.store.types import new_public_ids
from crowd.voting.actions.casting import CAST, hour_of, is_members
from crowd.voting.actions.entering import Box, Entry, enter_all
from crowd.voting.actions.papers import Paper
from crowd.voting.commands import Sender
from crowd.voting.gates import Poll, ballot_permission, holding_poll, poll_held
from crowd.voting.queries.entering import costs_now, electors_among, good_codes
from crowd.web.access import Found


@dataclass(frozen=True)
class Envelope:
    """A ballot ready to be put in, for a round of these rules. `leaves`: a member's or not, where that is counted apart → hash and data."""

    paper: Paper
    round: Round
    house_id: int
    sender: Sender
    ballot: str
    leaves: Mapping[bool | None, tuple[str, str]]
    sent_at: datetime


def put_in_with_others(facts: RoundFacts, paper: Paper, sender: Sender, *, now: datetime) -> bool:
    """Whether it is cast: a person's first ballot, in order, by rules and a list that hold under the lock. Else nothing was done."""
    return bool(_together((db.engine, paper.round_id), _closed(facts, paper, sender, now)))


def _closed(facts: RoundFacts, paper: Paper, sender: Sender, now: datetime) -> Envelope:
    (ballot,), groups = new_public_ids(1), (None,) if facts.round.member_percent is None else (True, False)
    leaves = {member: _leaf(ballot, paper, member=member) for member in groups}
    return Envelope(paper, facts.round, facts.call.organization.id, sender, ballot, leaves, now)


def _leaf(ballot: str, paper: Paper, *, member: bool | None) -> tuple[str, str]:
    group = None if member is None else group_of(member=member)
    data = leaf_line(ballot, CAST, 1, secrets.token_hex(16), paper.data, group)
    return leaf_hash(data).hex(), data.decode()


@dataclass(frozen=True)
class _Held:
    """What holds under the lock: the vote, the hour, who the senders are, and what their ballots cost."""

    poll: Found[Poll]
    now: datetime
    people: Mapping[str, Any]
    roles: Mapping[int, Any]
    voter_ids: frozenset[int]
    codes: frozenset[int]
    costs: Mapping[str, int | None]


def _put_in(take: Callable[[], Sequence[Envelope]]) -> list[bool]:
    """Which of them are in the ballot box now."""
    with writing_together(db.engine) as connection:
        envelopes = take()
        held = _hold(connection, envelopes)
        round_ = held.poll.facts.round
        box = Box(held.poll.row.id, round_.electorate is Electorate.CODES, held.now, hour_of(round_, held.now))
        entries = [_entry(held, envelope) for envelope in envelopes]
        entered = enter_all(connection, box, [entry for entry in entries if entry])
    there = entered()
    return [envelope.ballot in there for envelope in envelopes]


def _hold(connection: Connection, envelopes: Sequence[Envelope]) -> _Held:
    """All stays so until the commit."""
    round_id, round_, house_id = envelopes[0].paper.round_id, envelopes[0].round, envelopes[0].house_id
    keys = {one.sender.key for one in envelopes if one.sender.key}
    named = {key for one in envelopes for key in one.paper.costs}
    asked = {"clock": CLOCK}
    if keys:
        asked["people"] = holding_people(keys, envelopes[0].sent_at)
    if round_.electorate is Electorate.MEMBERS or round_.member_percent is not None:
        asked["roles"] = roles_of(keys, house_id)
    if round_.electorate is Electorate.INVITED:
        asked["electors"] = electors_among(keys, round_id)
    if round_.electorate is Electorate.CODES:
        asked["codes"] = good_codes({one.sender.code_id for one in envelopes if one.sender.code_id}, round_id)
    if named:
        asked["costs"] = costs_now(named)
    poll, schedule, *answers = ask_together(connection, *holding_poll(round_id), *asked.values())
    rows = dict(zip(asked, answers, strict=True))
    return _Held(
        poll=poll_held(poll, schedule),
        now=rows["clock"][0].now,
        people={row.key_hash: row for row in rows.get("people", ())},
        roles={row.account_id: row.role for row in rows.get("roles", ())},
        voter_ids=frozenset(row.id for row in rows.get("electors", ())),
        codes=frozenset(row.id for row in rows.get("codes", ())),
        costs={row.public_id: row.cost for row in rows.get("costs", ())},
    )


def _entry(held: _Held, envelope: Envelope) -> Entry | None:
    """What is to be put in, if it is judged now as when it was closed and its voter may vote."""
    paper, sender, round_ = envelope.paper, envelope.sender, held.poll.facts.round
    state = (held.poll.row.list_state, round_, {key: held.costs.get(key) for key in paper.costs})
    if held.poll.row.closed or state != (paper.list_state, envelope.round, paper.costs):
        return None
    actor = _actor(held, sender)
    facts = replace(held.poll.facts, voter_ids=held.voter_ids, code_shown=sender.code_id in held.codes)
    wanted = ((Permission.CALL_VIEW, facts.call), (ballot_permission(round_), facts))
    who = sender.code_id if round_.electorate is Electorate.CODES else actor.account_id
    if who is None or not all(judge(actor, permission, subject, held.now) for permission, subject in wanted):
        return None
    member = is_members(facts, actor)
    leaf, data = envelope.leaves[member]
    return Entry(who, envelope.ballot, sender.network, paper.text, paper.seen, member, leaf, data)


def _actor(held: _Held, sender: Sender) -> Actor:
    """A visitor, too, is whoever was shut out or has still to accept the terms."""
    person = held.people.get(sender.key or "")
    if person is None or not may_act(person):
        return VISITOR
    role = held.roles.get(person.id)
    return person_acting(person, roles={} if role is None else {held.poll.facts.call.organization.id: role})


_together = Gathering(_put_in)
