"""Rounds of a call, and the facts permissions ask about."""

from collections.abc import Iterable
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from crowd.calls.gates import facts_of_call
from crowd.calls.models import Call
from crowd.core.subjects import CallFacts, RoundFacts
from crowd.rounds.models import CallRound
from crowd.web.access import Found


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
    return list(session.scalars(_rounds(), {"call": call_id}))


@cache
def _rounds() -> Select[CallRound]:
    """Asked on every page of a call, so built once."""
    return select(CallRound).where(CallRound.call_id == bindparam("call")).order_by(CallRound.position)


def facts_of_round(session: Session, row: CallRound) -> RoundFacts:
    """Fresh facts inside a transaction: the call and its schedule are read again. Without jurors."""
    return round_facts(row, facts_of_call(session, row.call_id))


def find_round(session: Session, call: Found[Call], key: str) -> Found[CallRound] | None:
    """The round of a loaded call called `key`."""
    row = session.scalar(select(CallRound).where(CallRound.call_id == call.row.id, CallRound.key == key))
    return Found(row, round_facts(row, call.facts)) if row else None
