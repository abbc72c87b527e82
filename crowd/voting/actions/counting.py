"""Closing and counting: the ledger is closed, the ballots are counted by the rules, the count is stored with its fingerprint.

Small votes are counted when somebody looks; large ones by the job, which reads and counts outside the transactions: once a ledger is
closed, nothing it holds can change.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.events import EventKind
from crowd.core.receipt import canonical_json, tally_bundle
from crowd.core.rules import BUDGET_METHODS, Electorate, ResultsPublicity, Round, RoundKind
from crowd.core.status import CallStatus
from crowd.core.subjects import RoundFacts
from crowd.core.tally.choices import choices_of
from crowd.core.tally.declared import Listed
from crowd.core.tally.of_round import tally_round
from crowd.core.tally.result import Tally, Text
from crowd.proposals.models import Proposal
from crowd.rounds.actions import strike_left
from crowd.rounds.gates import facts_of_round
from crowd.rounds.models import CallRound
from crowd.rounds.queries import Entry, entries_of
from crowd.store.db import db, transaction
from crowd.store.events import record
from crowd.store.keys import signer
from crowd.voting.actions.sealing import close_ledger, tie_seed
from crowd.voting.models import Tally as TallyRow
from crowd.voting.queries import ballot_texts, count_ballots, latest_tally, set_aside_in
from crowd.web.access import Found

COUNTED = frozenset({CallStatus.PUBLISHED, CallStatus.ENDED})
"""A cancelled call's ballots are not counted; a paused one waits."""
AT_ONCE = 20_000
"""Ballots up to which a vote is counted by whoever looks first."""
STEP = 50_000

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Counting:
    """What a closed round is counted from."""

    round: Round
    listed: tuple[Listed, ...]
    seed: bytes | None
    set_aside: Mapping[str, str]


def is_countable(row: CallRound, facts: RoundFacts, now: datetime) -> bool:
    """The vote is over and waits for its count."""
    voted = facts.round.kind is RoundKind.VOTE and row.opened_at is not None and row.counted_at is None
    return voted and facts.call.status in COUNTED and facts.is_over(now)


def ensure_counted(found: Found[CallRound], now: datetime) -> Found[CallRound]:
    """Count a small round if it waits for it and nobody else is at it, in a transaction of its own. Returns it as it stands then."""
    if not is_countable(found.row, found.facts, now) or count_ballots(db.session(), found.row.id) > AT_ONCE:
        return found
    with transaction() as session:
        row = session.scalar(
            select(CallRound)
            .where(CallRound.id == found.row.id)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
        if row is None:
            return found
        count_round(session, row, now)
        return Found(row, facts_of_round(session, row))


def count_round(session: Session, row: CallRound, now: datetime) -> TallyRow | None:
    """Close and count the locked round if it waits for it, and store the count. Counting again what has not changed stores nothing new.

    Returns the new count, or None.
    """
    counting = close_round(session, row, now)
    if counting is None:
        return None
    return store_count(session, row, tally_ballots(session, row.id, counting), now)


def count_in_steps(row: CallRound, now: datetime, progress: Progress) -> TallyRow | None:
    """The same for a round of any size: the lock is held only to close and to store.

    Ballots are read in a session of their own: `progress` commits, which would end the reading of this one.
    """
    with transaction(row) as session:
        counting = close_round(session, row, now)
    if counting is None:
        return None
    with Session(db.engine) as reading:
        tally = tally_ballots(reading, row.id, counting, progress)
    with transaction(row) as session:
        if close_round(session, row, now) != counting:
            return None
        return store_count(session, row, tally, now)


def close_round(session: Session, row: CallRound, now: datetime) -> Counting | None:
    """Close the ledger of the locked round that is over and not counted; None where there is nothing to count."""
    facts = facts_of_round(session, row)
    if not is_countable(row, facts, now):
        return None
    strike_left(session, row, now=now)
    close_ledger(session, row, facts.round, now, signer())
    session.flush()
    round_ = counted_rules(facts.round)
    listed = tuple(listed_for(entry, round_) for entry in entries_of(session, row.id))
    return Counting(round_, listed, tie_seed(session, row), set_aside_in(session, row.id))


def counted_rules(round_: Round) -> Round:
    """The official totals of an imported roll count every row."""
    return replace(round_, max_choices=None) if round_.electorate is Electorate.ROLL else round_


def listed_for(entry: Entry, round_: Round, *, named: bool = True) -> Listed:
    """A candidate as the count sees it. One that states no cost cannot be paid for, and a vote on a budget runs without it."""
    cost = None if entry.proposal.cost is None else Fraction(entry.proposal.cost)
    unpayable = round_.method in BUDGET_METHODS and cost is None
    return Listed(entry.key, entry.title if named else f"#{entry.proposal.number}", cost, entry.struck or unpayable)


def tally_ballots(session: Session, round_id: int, counting: Counting, progress: Progress | None = None) -> Tally:
    ballots = ballot_texts(session, round_id)
    read = _told(ballots, progress) if progress else ballots
    return tally_round(
        counting.round, counting.listed, read, seed=counting.seed, excluded=frozenset(counting.set_aside)
    )


def _told(ballots: Iterator[Text], progress: Progress) -> Iterator[Text]:
    for number, ballot in enumerate(ballots):
        if number % STEP == 0:
            progress(number)
        yield ballot


def store_count(session: Session, row: CallRound, tally: Tally, now: datetime) -> TallyRow | None:
    """Keep the count of the locked, closed round; None where the newest says the same."""
    call, facts = session.get_one(Call, row.call_id), facts_of_round(session, row)
    result = canonical_json(tally_bundle(tally, row.key, call.rules_sha256 or "")).decode()
    row.counted_at, row.ballots_count = now, tally.ballots + tally.invalid
    _put_supports(session, row.id, facts, tally.votes)
    before = latest_tally(session, row.id)
    return None if before and before.result == result else _store(session, row, call, result, now)


def _store(session: Session, row: CallRound, call: Call, result: str, now: datetime) -> TallyRow:
    stored = TallyRow(round_id=row.id, at=now, result=result, sha256=hashlib.sha256(result.encode()).hexdigest())
    session.add(stored)
    record(
        session,
        EventKind.ROUND_COUNTED,
        now=now,
        organization_id=call.organization_id,
        call_id=call.id,
        subject_id=row.id,
        ballots=row.ballots_count,
        tally_sha256=stored.sha256,
    )
    return stored


def snapshot_counts(session: Session, row: CallRound) -> None:
    """Of an open round with open counts: how many ballots, and how many name each candidate, as lists show them."""
    facts = facts_of_round(session, row)
    votes: Counter[str] = Counter()
    row.ballots_count = count_ballots(session, row.id)
    for _, text, _ in ballot_texts(session, row.id):
        votes.update(choices_of(json.loads(text), facts.round).named)
    _put_supports(session, row.id, facts, votes)


def _put_supports(session: Session, round_id: int, facts: RoundFacts, votes: Mapping[str, int]) -> None:
    """What lists show and order by, where results keep nothing back; only rows that differ are written."""
    if facts.call.rules.results_publicity is not ResultsPublicity.EVERYTHING:
        return
    changed = [
        {"id": entry.proposal.id, "supports": votes.get(entry.key, 0)}
        for entry in entries_of(session, round_id)
        if entry.proposal.supports != votes.get(entry.key, 0)
    ]
    if changed:
        session.execute(update(Proposal), changed)
