"""The clock of votes, each minute: count what is over, refresh what lists show of open counts."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.rules import RoundKind
from crowd.core.subjects import RoundFacts
from crowd.rounds.gates import facts_of_round
from crowd.rounds.models import CallRound
from crowd.store.db import db, transaction, utc_now
from crowd.voting.actions import count_round, snapshot_counts
from crowd.voting.actions.counting import COUNTED, is_countable


def count_due_rounds() -> int:
    """Count every vote that is over. Returns how many new counts were stored."""
    return sum(_count(row) for row in _waiting(is_countable))


def _count(row: CallRound) -> bool:
    with transaction(row) as session:
        return count_round(session, row, utc_now()) is not None


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
