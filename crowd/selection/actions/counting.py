"""Counts that fit who still stands: whoever withdraws after a vote is left out of it before anybody decides."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.rules import RoundKind
from crowd.core.subjects import CallFacts
from crowd.rounds.actions import strike_left
from crowd.rounds.gates import round_facts
from crowd.rounds.models import CallRound
from crowd.selection.queries.numbers import RoundNumbers
from crowd.voting.actions import count_round


def wants_count(rounds: Iterable[RoundNumbers], call: CallFacts, now: datetime) -> bool:
    """A vote is over and not counted yet, or was counted with somebody who left."""
    return any(
        found.stale or (found.tally is None and found.row.opened_at is not None and found.row.counted_at is None)
        for found in rounds
        if found.round.kind is RoundKind.VOTE and round_facts(found.row, call).is_over(now)
    )


def recount(session: Session, call_id: int, now: datetime) -> None:
    """Strike whoever left, and count every vote that is over and waits for it."""
    rows = session.scalars(
        select(CallRound)
        .where(CallRound.call_id == call_id, CallRound.kind == RoundKind.VOTE, CallRound.opened_at.is_not(None))
        .order_by(CallRound.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        strike_left(session, row, now=now)
        session.flush()
        count_round(session, row, now)
    session.flush()
