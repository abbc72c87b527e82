"""Casting, changing and taking back a ballot.

Voters share the locks of the call and the round, so that they do not wait for each other; whoever closes the stage or counts
locks them alone. The clock is read after the lock: a ballot that was accepted is counted, and none is accepted after the close.
Each act writes the voter's row of the roll, the ballot, and a leaf of the ledger, in one commit.
"""

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.actor import VISITOR, Actor
from crowd.core.bundle import canonical_line, group_of, leaf_line
from crowd.core.errors import InvalidInput, NotAllowed
from crowd.core.events import EventKind
from crowd.core.ledger import leaf_hash
from crowd.core.rules import Round
from crowd.core.subjects import RoundFacts
from crowd.core.tally.ballots import BallotFault, InvalidBallot
from crowd.core.tally.choices import Choices, check, choices_data
from crowd.proposals.models import Proposal
from crowd.proposals.queries import newest_versions, version_read
from crowd.rounds.models import CallRound, Candidate
from crowd.store.db import hold
from crowd.store.events import record
from crowd.store.types import new_public_id
from crowd.voting.commands import Acting
from crowd.voting.gates import ballot_permission, facts_for_voter
from crowd.voting.models import Ballot, Leaf, Voter
from crowd.voting.queries import on_roll
from crowd.web.access import require

Clock = Callable[[], datetime]
NOBODY_ELSE = Acting()
CAST, CHANGE, WITHDRAW = "cast", "change", "withdraw"
EVENTS = {CAST: EventKind.BALLOT_CAST, CHANGE: EventKind.BALLOT_CHANGED, WITHDRAW: EventKind.BALLOT_WITHDRAWN}


@dataclass(frozen=True)
class _Vote:
    """An open vote, held, with whoever acts in it, and when."""

    facts: RoundFacts
    actor: Actor
    now: datetime


def cast_ballot(
    session: Session,
    row: CallRound,
    choices: Choices,
    *,
    actor: Actor,
    clock: Clock,
    read: Mapping[str, int] = MappingProxyType({}),
    acting: Acting = NOBODY_ELSE,
) -> Voter:
    """Put the person's one ballot of the round in place of what was there before. Casting the same again
    notes the versions that were read now, and nothing else. `read`: public id of a candidate → the version that the voter read.
    `acting`: for whoever votes by a code, and where the ballot came from.

    Raises NotAllowed outside the round or the electorate, InvalidInput (code of the first `BallotFault`) for a bad ballot.
    """
    actor, voting = _who(actor, acting)
    vote = _hold_open(session, row, actor, voting, clock)
    round_ = vote.facts.round
    listed = _listed(session, row.id)
    wanted = _checked(choices, listed, round_, {key: cost for key, (_, cost) in listed.items()})
    data = choices_data(wanted, round_)
    seen = _seen(session, {key: listed[key][0] for key in wanted.named}, read)
    voter = _own_row(session, row.id, voting)
    ballot = _own_ballot(session, row.id, voter)
    first = voter.cast_at is None
    text = canonical_line(data).decode()
    if not first and ballot.choices == text:
        ballot.seen = seen
        return voter
    ballot.choices, ballot.seen = text, seen
    if round_.member_percent is not None:
        ballot.member = vote.facts.call.organization.id in actor.roles
    voter.network = voting.network
    voter.cast_at, voter.changed_at = (vote.now, None) if first else (voter.cast_at, vote.now)
    _note(session, vote, ballot, CAST if first else CHANGE, data)
    return voter


def withdraw_ballot(
    session: Session, row: CallRound, *, actor: Actor, clock: Clock, acting: Acting = NOBODY_ELSE
) -> bool:
    """Take the person's ballot back; its choices are gone. Returns whether there was one."""
    actor, voting = _who(actor, acting)
    vote = _hold_open(session, row, actor, voting, clock)
    voter = _own_row(session, row.id, voting)
    if voter.cast_at is None:
        return False
    ballot = _own_ballot(session, row.id, voter)
    voter.cast_at = voter.changed_at = None
    ballot.choices = ballot.seen = None
    _note(session, vote, ballot, WITHDRAW, None)
    return True


def _who(actor: Actor, acting: Acting) -> tuple[Actor, Acting]:
    """Whoever votes by a code does so as nobody, though the browser may be signed in."""
    if acting.code_id is not None:
        return VISITOR, replace(acting, account_id=None)
    return actor, replace(acting, account_id=actor.account_id)


def _hold_open(session: Session, row: CallRound, actor: Actor, voting: Acting, clock: Clock) -> _Vote:
    hold(session, session.get_one(Call, row.call_id))
    hold(session, row)
    now = clock()
    facts = facts_for_voter(session, row, voting)
    require(actor, ballot_permission(facts.round), facts, now)
    if row.counted_at is not None or row.sealed_at is not None:
        raise NotAllowed("round_open")
    return _Vote(facts, actor, now)


def _listed(session: Session, round_id: int) -> dict[str, tuple[int, int | None]]:
    """The frozen list: public id → id and cost. Struck candidates stay on it; the count runs without them."""
    rows = session.execute(
        select(Proposal.public_id, Proposal.id, Proposal.cost)
        .join(Candidate, Candidate.proposal_id == Proposal.id)
        .where(Candidate.round_id == round_id)
    )
    return {row.public_id: (row.id, row.cost) for row in rows}


def _checked(
    choices: Choices,
    listed: Collection[str],
    round_: Round,
    costs: Mapping[str, int | None] = MappingProxyType({}),
) -> Choices:
    """A well formed ballot, blanks left out; InvalidInput with the code of its first fault."""
    try:
        return check(choices, listed, round_, costs)
    except InvalidBallot as invalid:
        raise _in_words(invalid.faults[0]) from invalid


def _in_words(fault: BallotFault) -> InvalidInput:
    return InvalidInput(fault.code, value=fault.value, limit=fault.limit)


def _own_row(session: Session, round_id: int, voting: Acting) -> Voter:
    """The person's row of the roll, made if it is not there, locked. Of several first votes at once, the constraint lets one in."""
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    who = "code_id" if voting.code_id is not None else "account_id"
    fresh = make(Voter).values(round_id=round_id, **{who: getattr(voting, who)})
    session.execute(fresh.on_conflict_do_nothing(index_elements=["round_id", who]))
    return session.scalars(
        select(Voter)
        .where(Voter.round_id == round_id, on_roll(voting))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _own_ballot(session: Session, round_id: int, voter: Voter) -> Ballot:
    if voter.ballot is not None:
        return session.get_one(Ballot, (round_id, voter.ballot), populate_existing=True)
    voter.ballot = new_public_id()
    ballot = Ballot(round_id=round_id, key=voter.ballot, acts=0)
    session.add(ballot)
    return ballot


def _seen(session: Session, named: Mapping[str, int], read: Mapping[str, int]) -> str | None:
    """With each proposal that the ballot names the version that the voter read; the newest where that is not known."""
    if not named:
        return None
    newest = newest_versions(session, named.values())
    seen = {key: version_read(read.get(key, 0), newest[id_]) for key, id_ in named.items() if id_ in newest}
    return canonical_line(seen).decode()


def _note(session: Session, vote: _Vote, ballot: Ballot, act: str, said: Mapping[str, Any] | None) -> None:
    """A leaf, and an event named by its round alone: one that named the call would count ballots in every list of the call's events.

    Of a secret vote neither the ballot nor the hour is in the event.
    """
    ballot.acts += 1
    group = None if ballot.member is None else group_of(member=ballot.member)
    data = leaf_line(ballot.key, act, ballot.acts, secrets.token_hex(16), said, group)
    ballot.leaf = leaf_hash(data).hex()
    session.add(Leaf(round_id=vote.facts.id, hash=ballot.leaf, data=data.decode()))
    at = vote.now.replace(hour=0, minute=0, second=0, microsecond=0) if vote.facts.round.secret else vote.now
    record(session, EVENTS[act], now=at, actor_id=vote.actor.account_id, subject_id=vote.facts.id, silent=True)
