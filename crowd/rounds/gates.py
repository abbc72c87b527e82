"""Rounds of a call, and the facts permissions ask about."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.subjects import CallFacts, RoundFacts
from crowd.rounds.models import CallRound


def round_facts(
    row: CallRound,
    call: CallFacts,
    jurors: Iterable[int] = (),
    chairs: Iterable[int] = (),
) -> RoundFacts:
    """`jurors` and `chairs`: accounts that accepted; `reviews.gates` knows them."""
    return RoundFacts(
        id=row.id,
        call=call,
        round=call.rules.round(row.key),
        opened=row.opened_at is not None,
        counted=row.counted_at is not None,
        juror_ids=frozenset(jurors),
        chair_ids=frozenset(chairs),
    )


def rounds_of(session: Session, call_id: int) -> list[CallRound]:
    return list(session.scalars(select(CallRound).where(CallRound.call_id == call_id).order_by(CallRound.position)))
