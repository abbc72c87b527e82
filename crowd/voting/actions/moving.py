"""Votes of an open round that follow a merged proposal to the other, once per voter, each act in the ledger; and back.

The caller holds the call alone, so nobody votes meanwhile. A secret vote is never touched, nor one that is over.
"""

import json
import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.bundle import canonical_line, group_of, leaf_line
from crowd.core.errors import InvalidInput
from crowd.core.events import EventKind
from crowd.core.ledger import leaf_hash
from crowd.core.rules import Round
from crowd.core.tally.ballots import InvalidBallot
from crowd.core.tally.choices import Choices, check, choices_data, choices_of
from crowd.core.tally.moving import moved
from crowd.proposals.models import Merge, Proposal
from crowd.rounds.gates import facts_of_round
from crowd.rounds.models import CallRound, Candidate
from crowd.store.events import record
from crowd.voting.actions.casting import CHANGE
from crowd.voting.models import Ballot, Leaf, MovedBallot
from crowd.voting.queries import standing


def move_votes(
    session: Session, row: CallRound, merge: Merge, source: str, target: str, *, actor_id: int | None, now: datetime
) -> int:
    """Let every ballot of the locked round that names `source` name `target` instead. Returns how many there were.

    Raises InvalidInput `merge_ballot` where a ballot would no longer be one by the rules of the round.
    """
    facts = facts_of_round(session, row)
    listed = dict(
        iter(
            session.execute(
                select(Proposal.public_id, Proposal.cost)
                .join(Candidate, Candidate.proposal_id == Proposal.id)
                .where(Candidate.round_id == row.id)
            )
        )
    )

    def changed(said: Choices) -> Choices:
        try:
            return check(moved(said, facts.round, source, target), listed, facts.round, listed)
        except InvalidBallot as invalid:
            raise InvalidInput("merge_ballot", "into") from invalid

    count = 0
    for ballot in session.scalars(select(Ballot).where(standing(row.id)).order_by(Ballot.key)):
        said = choices_of(json.loads(ballot.choices or "{}"), facts.round)
        if source in said.named:
            _move(session, row, merge, ballot, changed(said), facts.round, without=source)
            count += 1
    if count:
        _record(session, row, merge, count, actor_id, now)
    return count


def move_votes_back(session: Session, row: CallRound, merge: Merge) -> int:
    """Give ballots back what they said before, but for those that their voters changed since. Returns how many."""
    round_ = facts_of_round(session, row).round
    rows = session.execute(
        select(MovedBallot, Ballot)
        .join(Ballot, (Ballot.round_id == MovedBallot.round_id) & (Ballot.key == MovedBallot.ballot))
        .where(MovedBallot.merge_id == merge.id, MovedBallot.round_id == row.id)
        .order_by(MovedBallot.ballot)
    ).all()
    mine = [(kept, ballot) for kept, ballot in rows if ballot.choices == kept.after]
    for kept, ballot in mine:
        before = json.loads(kept.before)
        seen = before["seen"]
        _write(session, row, ballot, choices_of(before["choices"], round_), round_)
        ballot.seen = canonical_line(seen).decode() if seen is not None else None
    return len(mine)


def _move(
    session: Session, row: CallRound, merge: Merge, ballot: Ballot, said: Choices, round_: Round, *, without: str
) -> None:
    seen = json.loads(ballot.seen) if ballot.seen else None
    before = canonical_line({"choices": json.loads(ballot.choices or "{}"), "seen": seen}).decode()
    _write(session, row, ballot, said, round_)
    if seen is not None:
        ballot.seen = canonical_line({key: number for key, number in seen.items() if key != without}).decode()
    session.add(MovedBallot(merge_id=merge.id, round_id=row.id, ballot=ballot.key, before=before, after=ballot.choices))


def _write(session: Session, row: CallRound, ballot: Ballot, said: Choices, round_: Round) -> None:
    """What the ballot says now, with a leaf of its own, as for any other change."""
    data = choices_data(said, round_)
    ballot.choices, ballot.acts = canonical_line(data).decode(), ballot.acts + 1
    group = None if ballot.member is None else group_of(member=ballot.member)
    line = leaf_line(ballot.key, CHANGE, ballot.acts, secrets.token_hex(16), data, group)
    ballot.leaf = leaf_hash(line).hex()
    session.add(Leaf(round_id=row.id, hash=ballot.leaf, data=line.decode()))


def _record(session: Session, row: CallRound, merge: Merge, count: int, actor_id: int | None, now: datetime) -> None:
    record(
        session,
        EventKind.BALLOTS_MOVED,
        now=now,
        actor_id=actor_id,
        call_id=row.call_id,
        proposal_id=merge.proposal_id,
        subject_id=merge.id,
        reason=merge.reason,
        count=count,
    )
