"""What stood out in a vote, and ballots set aside: with a reason that is published, on the record, and counted both ways."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.actor import Actor
from crowd.core.errors import InvalidInput
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.signals import FEWEST, FRESH, SignalKind, signals_of
from crowd.core.subjects import RoundFacts
from crowd.rounds.gates import facts_of_round
from crowd.rounds.models import CallRound
from crowd.voting.actions.recording import record_act
from crowd.voting.models import Ballot, SetAside, Signal, Voter
from crowd.voting.queries import standing
from crowd.web.access import require

MOST_GROUPS = 20
BLANK = 20
"""Letters of a ballot that says nothing, and a few more."""


def note_signals(session: Session, round_id: int) -> None:
    """Before hours and networks are forgotten: keep the numbers, not who."""
    minutes = _minutes(session, round_id)
    for found in signals_of(minutes, _networks(session, round_id), _fresh(session, round_id)):
        session.add(
            Signal(
                round_id=round_id,
                kind=found.kind,
                number=found.number,
                of=found.of,
                at=found.at,
                expected=found.expected,
            )
        )
    for text, number in _identical(session, round_id):
        session.add(
            Signal(round_id=round_id, kind=SignalKind.IDENTICAL, number=number, of=sum(minutes.values()), detail=text)
        )


def _minutes(session: Session, round_id: int) -> dict[datetime, int]:
    """Ballots by the minute in which they were cast; counted where they lie."""
    if session.get_bind().dialect.name == "postgresql":
        minute = func.to_char(func.timezone("UTC", Voter.cast_at), "YYYY-MM-DD HH24:MI")
    else:
        minute = func.strftime("%Y-%m-%d %H:%M", Voter.cast_at)
    cast = (Voter.round_id == round_id) & Voter.cast_at.is_not(None)
    rows = session.execute(select(minute, func.count()).where(cast).group_by(minute))
    return {datetime.fromisoformat(text).replace(tzinfo=UTC): number for text, number in rows}


def _networks(session: Session, round_id: int) -> Sequence[int]:
    number = func.count()
    cast = (Voter.round_id == round_id) & Voter.cast_at.is_not(None) & Voter.network.is_not(None)
    return session.scalars(select(number).where(cast).group_by(Voter.network).having(number >= FEWEST)).all()


def _fresh(session: Session, round_id: int) -> int:
    if session.get_bind().dialect.name == "postgresql":
        young = Voter.cast_at - Account.created_at < FRESH
    else:
        young = func.julianday(Voter.cast_at) - func.julianday(Account.created_at) < FRESH.days
    cast = select(func.count(Voter.id)).join(Account, Account.id == Voter.account_id)
    return session.scalar(cast.where(Voter.round_id == round_id, young)) or 0


def _identical(session: Session, round_id: int) -> Sequence[tuple[str | None, int]]:
    number = func.count()
    groups = (
        select(Ballot.choices, number)
        .where(standing(round_id), func.length(Ballot.choices) > BLANK)
        .group_by(Ballot.choices)
        .having(number >= FEWEST)
    )
    rows = session.execute(groups.order_by(number.desc(), Ballot.choices).limit(MOST_GROUPS))
    return [(text, count) for text, count in rows]


def set_ballots_aside(
    session: Session, row: CallRound, keys: Sequence[str], *, reason: str, actor: Actor, now: datetime
) -> int:
    """Count the locked, closed round without these ballots from now on; both counts are shown. Returns how many were not set aside yet.

    Raises InvalidInput `round_not_over`, `unknown_ballot`.
    """
    facts = _judge(session, row, actor, now)
    known = set(session.scalars(select(Ballot.key).where(standing(row.id), Ballot.key.in_(keys))))
    unknown = [key for key in keys if key not in known]
    if unknown:
        raise InvalidInput("unknown_ballot", "ballots", key=unknown[0])
    already = set(session.scalars(select(SetAside.ballot).where(SetAside.round_id == row.id)))
    fresh = sorted(known - already)
    session.add_all(
        SetAside(round_id=row.id, ballot=key, reason=reason, at=now, by_id=actor.account_id) for key in fresh
    )
    if fresh:
        row.counted_at = None
        record_act(session, EventKind.BALLOT_SET_ASIDE, facts, actor, now, number=len(fresh), reason=reason)
    return len(fresh)


def take_back_in(session: Session, row: CallRound, key: str, *, reason: str, actor: Actor, now: datetime) -> bool:
    """Count the ballot again. Returns whether it was set aside."""
    facts = _judge(session, row, actor, now)
    mine = (SetAside.round_id == row.id) & (SetAside.ballot == key)
    if session.scalar(select(SetAside.id).where(mine)) is None:
        return False
    session.execute(delete(SetAside).where(mine))
    row.counted_at = None
    record_act(session, EventKind.BALLOT_TAKEN_BACK_IN, facts, actor, now, number=1, reason=reason)
    return True


def _judge(session: Session, row: CallRound, actor: Actor, now: datetime) -> RoundFacts:
    facts = facts_of_round(session, row)
    require(actor, Permission.ROUND_MANAGE, facts, now)
    if row.sealed_at is None:
        raise InvalidInput("round_not_over")
    return facts
