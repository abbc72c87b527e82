"""Counting: a pure function of the ballots, stored as canonical JSON with its fingerprint."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.events import EventKind
from crowd.core.receipt import canonical_json, tally_bundle
from crowd.core.rules import Electorate, ResultsPublicity, Round, RoundKind, VotingMethod
from crowd.core.status import CallStatus
from crowd.core.subjects import RoundFacts
from crowd.core.tally.approval import count_approval
from crowd.core.tally.result import Tally
from crowd.core.tally.score import count_score
from crowd.proposals.models import Proposal
from crowd.rounds.actions import strike_left
from crowd.rounds.gates import facts_of_round
from crowd.rounds.models import CallRound
from crowd.rounds.queries import entries_of
from crowd.store.db import transaction
from crowd.store.events import record
from crowd.voting.models import Ballot, Mark
from crowd.voting.models import Tally as TallyRow
from crowd.voting.queries import ballots_of, cast, count_ballots, latest_tally
from crowd.web.access import Found

COUNTED = frozenset({CallStatus.PUBLISHED, CallStatus.ENDED})
"""A cancelled call's ballots are not counted; a paused one waits."""


def is_countable(row: CallRound, facts: RoundFacts, now: datetime) -> bool:
    """The vote is over and waits for its count."""
    voted = facts.round.kind is RoundKind.VOTE and row.opened_at is not None and row.counted_at is None
    return voted and facts.call.status in COUNTED and facts.is_over(now)


def ensure_counted(found: Found[CallRound], now: datetime) -> Found[CallRound]:
    """Count the round if it waits for it and nobody else is at it, in a transaction of its own. Returns it as it stands then."""
    if not is_countable(found.row, found.facts, now):
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
    """Count the locked round if it waits for it, and store the count. Counting again what has not changed stores nothing new.

    Returns the new count, or None.
    """
    facts = facts_of_round(session, row)
    if not is_countable(row, facts, now):
        return None
    strike_left(session, row, now=now)
    session.flush()
    call = session.get_one(Call, row.call_id)
    tally = tally_ballots(session, row, facts.round)
    result = canonical_json(tally_bundle(tally, row.key, call.rules_sha256 or "")).decode()
    row.counted_at, row.ballots_count = now, tally.ballots + tally.invalid
    _put_supports(session, row.id, facts, tally.votes)
    before = latest_tally(session, row.id)
    return None if before and before.result == result else _store(session, row, call, result, now)


def tally_ballots(session: Session, row: CallRound, round_: Round) -> Tally:
    """The count of the stored ballots by the round's rule. The official totals of an imported roll count every row."""
    entries = entries_of(session, row.id)
    listed = [entry.key for entry in entries]
    without = [entry.key for entry in entries if entry.struck]
    most = None if round_.electorate is Electorate.ROLL else round_.max_choices
    ballots = ballots_of(session, row.id)
    if round_.method is VotingMethod.SCORE:
        return count_score(ballots, listed, without=without, max_choices=most)
    return count_approval(ballots, listed, without=without, max_choices=most)


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
    """Of an open round with open counts: how many ballots, and how many support each candidate, as lists show them."""
    votes = select(Proposal.public_id, func.count().label("votes")).join(Mark, Mark.proposal_id == Proposal.id)
    counted = session.execute(
        votes.join(Ballot, Mark.ballot_id == Ballot.id).where(cast(row.id), Mark.value > 0).group_by(Proposal.public_id)
    )
    row.ballots_count = count_ballots(session, row.id)
    _put_supports(session, row.id, facts_of_round(session, row), {found.public_id: found.votes for found in counted})


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
