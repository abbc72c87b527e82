"""Casting, changing and taking back a ballot.

Voters share the locks of the call and the round, so that they do not wait for each other; whoever closes the stage or counts
locks them alone. The clock is read after the lock: a ballot that was accepted is counted, and none is accepted after the close.
Each act writes the voter's row of the roll, the ballot, and a leaf of the ledger, in one commit.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from crowd.core.actor import VISITOR, Actor
from crowd.core.bundle import group_of, leaf_line
from crowd.core.errors import Gone, InvalidInput, NotAllowed
from crowd.core.events import EventKind
from crowd.core.ledger import leaf_hash
from crowd.core.rules import Round
from crowd.core.subjects import RoundFacts
from crowd.core.tally.choices import Choices
from crowd.rounds.models import CallRound
from crowd.store.db import NewRow, insert_rows
from crowd.store.events import silent_event
from crowd.store.types import new_public_id
from crowd.voting.actions.papers import Paper, fill_in
from crowd.voting.commands import Acting
from crowd.voting.gates import Poll, ballot_permission, hold_poll, of_voter, poll_of
from crowd.voting.models import Ballot, Leaf, Voter
from crowd.voting.queries import on_roll
from crowd.web.access import Found, require

Clock = Callable[[], datetime]
NOBODY_ELSE = Acting()
CAST, CHANGE, WITHDRAW = "cast", "change", "withdraw"
EVENTS = {CAST: EventKind.BALLOT_CAST, CHANGE: EventKind.BALLOT_CHANGED, WITHDRAW: EventKind.BALLOT_WITHDRAWN}


@dataclass(frozen=True)
class _Vote:
    """An open vote, held, with whoever acts in it, and when."""

    poll: Poll
    facts: RoundFacts
    actor: Actor
    voting: Acting
    now: datetime

    @property
    def member(self) -> bool | None:
        """Whether the ballot is a member's, where the rules weigh groups."""
        return is_members(self.facts, self.actor)


def is_members(facts: RoundFacts, actor: Actor) -> bool | None:
    if facts.round.member_percent is None:
        return None
    return facts.call.organization.id in actor.roles


def cast_ballot(
    session: Session,
    row: CallRound,
    choices: Choices,
    *,
    actor: Actor,
    clock: Clock,
    read: Mapping[str, int] = MappingProxyType({}),
    acting: Acting = NOBODY_ELSE,
) -> None:
    """Fill in and cast a ballot within one transaction. `read`: public id of a candidate → the version that the voter read."""
    paper = fill_in(session, poll_of(session, row.id), choices, read)
    cast_paper(session, paper, actor=actor, clock=clock, acting=acting)


def cast_paper(session: Session, paper: Paper, *, actor: Actor, clock: Clock, acting: Acting = NOBODY_ELSE) -> Paper:
    """Put the person's one ballot of the round in place of what was there before, and return it as it was cast. Casting the same again
    notes the versions that were read now, and nothing else. `acting`: for whoever votes by a code, and where the ballot came from.

    Raises NotAllowed outside the round or the electorate, InvalidInput (code of the first `BallotFault`) for a bad ballot.
    """
    vote = _hold_open(session, paper.round_id, actor, acting, clock)
    if paper.list_state != vote.poll.list_state:
        before, paper = paper.merged, fill_in(session, Found(vote.poll, vote.facts), paper.choices, paper.read)
        paper = replace(paper, merged={**before, **paper.merged})
    if paper.fault is not None:
        raise InvalidInput(paper.fault.code, value=paper.fault.value, limit=paper.fault.limit)
    if not _put_in_first(session, vote, paper):
        _put_in_place(session, vote, paper)
    return paper


def withdraw_ballot(
    session: Session, row: CallRound, *, actor: Actor, clock: Clock, acting: Acting = NOBODY_ELSE
) -> bool:
    """Take the person's ballot back; its choices are gone. Returns whether there was one."""
    vote = _hold_open(session, row.id, actor, acting, clock)
    found = _own_ballot(session, vote)
    if found is None or found[0].cast_at is None:
        return False
    voter, ballot = found
    voter.cast_at = voter.changed_at = None
    ballot.choices = ballot.seen = None
    _note_again(session, vote, ballot, WITHDRAW, None)
    return True


def who_votes(actor: Actor, acting: Acting) -> tuple[Actor, Acting]:
    """Whoever votes by a code does so as nobody, though the browser may be signed in."""
    if acting.code_id is not None:
        return VISITOR, replace(acting, account_id=None)
    return actor, replace(acting, account_id=actor.account_id)


def _hold_open(session: Session, round_id: int, actor: Actor, acting: Acting, clock: Clock) -> _Vote:
    actor, voting = who_votes(actor, acting)
    held = hold_poll(session, round_id)
    now = clock()
    facts = of_voter(session, held.facts, voting)
    require(actor, ballot_permission(facts.round), facts, now)
    if held.row.closed:
        raise NotAllowed("round_open")
    return _Vote(held.row, facts, actor, voting, now)


def _put_in_first(session: Session, vote: _Vote, paper: Paper) -> bool:
    """The person's first ballot; False where they stand on the roll. Of several first ones at once, the constraint lets one in."""
    who = "account_id" if vote.voting.code_id is None else "code_id"
    key, round_ = new_public_id(), vote.poll.id
    named = {"round_id": round_, who: getattr(vote.voting, who)}
    entry = {**named, "ballot": key, "network": vote.voting.network, "cast_at": vote.now}
    connection = session.connection()
    if connection.execute(_roll(connection.dialect.name, who), entry).rowcount != 1:
        return False
    ballot = {"key": key, "choices": paper.text, "seen": paper.seen, "member": vote.member, "acts": 1}
    leaf, trace = _trace(vote, CAST, ballot, paper.data)
    insert_rows(session, (Ballot, {"round_id": round_, **ballot, "leaf": leaf}), *trace)
    return True


@cache
def _roll(dialect: str, who: str) -> Insert:
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    entry = make(Voter).on_conflict_do_nothing(index_elements=["round_id", who]).inline()
    return entry.execution_options(preserve_rowcount=True)


def _put_in_place(session: Session, vote: _Vote, paper: Paper) -> None:
    found = _own_ballot(session, vote)
    if found is None:
        raise Gone
    voter, ballot = found
    first = voter.cast_at is None
    ballot.seen = paper.seen
    if not first and ballot.choices == paper.text:
        return
    ballot.choices = paper.text
    ballot.member = vote.member if vote.member is not None else ballot.member
    voter.network = vote.voting.network
    voter.cast_at, voter.changed_at = (vote.now, None) if first else (voter.cast_at, vote.now)
    _note_again(session, vote, ballot, CAST if first else CHANGE, paper.data)


def _own_ballot(session: Session, vote: _Vote) -> tuple[Voter, Ballot] | None:
    """The person's row of the roll, locked, with the ballot that it names."""
    mine = select(Voter).where(Voter.round_id == vote.poll.id, on_roll(vote.voting))
    voter = session.scalar(mine.with_for_update().execution_options(populate_existing=True))
    if voter is None:
        return None
    return voter, session.get_one(Ballot, (vote.poll.id, voter.ballot), populate_existing=True)


def _note_again(session: Session, vote: _Vote, ballot: Ballot, act: str, said: Mapping[str, Any] | None) -> None:
    ballot.acts += 1
    values = {"key": ballot.key, "acts": ballot.acts, "member": ballot.member}
    ballot.leaf, trace = _trace(vote, act, values, said)
    insert_rows(session, *trace)


def _trace(
    vote: _Vote, act: str, ballot: Mapping[str, Any], said: Mapping[str, Any] | None
) -> tuple[str, tuple[NewRow, NewRow]]:
    """A leaf, and an event named by its round alone: one that named the call would count ballots in every list of the call's events.

    Of a secret vote neither the ballot nor the hour is in the event. The hash of the leaf, and the rows to write.
    """
    group = None if ballot["member"] is None else group_of(member=ballot["member"])
    data = leaf_line(ballot["key"], act, ballot["acts"], secrets.token_hex(16), said, group)
    leaf = leaf_hash(data).hex()
    event = silent_event(
        EVENTS[act], now=hour_of(vote.facts.round, vote.now), actor_id=vote.actor.account_id, subject_id=vote.poll.id
    )
    return leaf, ((Leaf, {"round_id": vote.poll.id, "hash": leaf, "data": data.decode()}), event)


def hour_of(round_: Round, now: datetime) -> datetime:
    """When an event says that a ballot was cast: of a secret vote, the day."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) if round_.secret else now
