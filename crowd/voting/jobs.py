"""The clock of votes, each minute: seal what was cast, count what is over, refresh what lists show of open counts, write bundles."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.rules import RoundKind
from crowd.core.subjects import RoundFacts
from crowd.rounds.gates import facts_of_round
from crowd.rounds.models import CallRound
from crowd.store.db import db, transaction, utc_now
from crowd.store.keys import signer
from crowd.voting.actions import count_in_steps, seal, snapshot_counts, write_missing_bundle
from crowd.voting.actions.counting import COUNTED, is_countable
from crowd.voting.actions.sealing import is_due, keeps_ledger
from crowd.voting.queries import count_ballots, uncovered_tallies
from crowd.voting.queries.ledger import count_waiting, latest_head


def count_due_rounds() -> int:
    """Count every vote that is over. Returns how many new counts were stored."""
    return sum(_count(row) for row in _waiting(is_countable))


def _count(row: CallRound) -> bool:
    total = max(count_ballots(db.session(), row.id), 1)
    return count_in_steps(row, utc_now(), partial(_say, row.id, total)) is not None


def _say(round_id: int, total: int, done: int) -> None:
    """How far the count has come, for whoever waits on the page."""
    if done:
        with transaction() as session:
            percent = min(100 * done // total, 99)
            session.execute(update(CallRound).where(CallRound.id == round_id).values(counted_percent=percent))


def seal_ledgers() -> int:
    """Put what was cast into the trees of the votes. Returns how many heads were signed."""
    opened = (CallRound.opened_at.is_not(None), CallRound.sealed_at.is_(None), CallRound.kind == RoundKind.VOTE)
    rows = db.session.scalars(
        select(CallRound).join(Call, CallRound.call_id == Call.id).where(*opened, Call.status.in_(COUNTED))
    ).all()
    return sum(_seal(row) for row in rows if _wants_head(row))


def _wants_head(row: CallRound) -> bool:
    session: Session = db.session()
    facts = facts_of_round(session, row)
    waits = facts.round.hides_counts or count_waiting(session, row.id) > 0
    return keeps_ledger(facts.round) and waits and is_due(latest_head(session, row.id), facts.round, utc_now())


def _seal(row: CallRound) -> int:
    """All that waits, in as many batches as it takes; where counts are hidden under one head an hour."""
    heads, more = 0, True
    while more:
        with transaction(row) as session:
            round_ = facts_of_round(session, row).round
            head = None if row.sealed_at is not None else seal(session, row, round_, utc_now(), signer())
        heads += head is not None
        more = head is not None and not round_.hides_counts
    return heads


def write_bundles() -> int:
    """Write the bundles of counts that have none yet. Returns how many."""
    return sum(write_missing_bundle(tally_id, utc_now()) for tally_id in uncovered_tallies(db.session()))


def snapshot_open_counts() -> int:
    """Refresh the figures of votes that are open and count in the open. Returns how many rounds."""
    rows = _waiting(_counts_in_the_open)
    for row in rows:
        with transaction() as session:
            snapshot_counts(session, session.get_one(CallRound, row.id))
    return len(rows)


def _counts_in_the_open(row: CallRound, facts: RoundFacts, now: datetime) -> bool:
    return row.opened_at is not None and not facts.round.hides_counts and facts.is_open(now)


def _waiting(wanted: Callable[[CallRound, RoundFacts, datetime], bool]) -> list[CallRound]:
    session: Session = db.session()
    rows = session.scalars(
        select(CallRound)
        .join(Call, CallRound.call_id == Call.id)
        .where(
            CallRound.kind == RoundKind.VOTE,
            CallRound.opened_at.is_not(None),
            CallRound.counted_at.is_(None),
            Call.status.in_(COUNTED),
        )
        .order_by(CallRound.id)
    ).all()
    now = utc_now()
    return [row for row in rows if wanted(row, facts_of_round(session, row), now)]
