"""The clock of rounds, each minute. Pages do the same when somebody looks, so a late job stalls nothing."""

from sqlalchemy import exists, or_, select

from crowd.calls.models import Call, CallStage
from crowd.core.rules import RoundKind
from crowd.core.status import LEFT, CallStatus, StageKind
from crowd.proposals.models import Proposal
from crowd.rounds.actions import add_ideas, open_due, strike_left
from crowd.rounds.gates import facts_of_round
from crowd.rounds.models import CallRound, Candidate
from crowd.store.db import db, transaction, utc_now


def open_due_rounds() -> int:
    """Open every round whose stage has come and whose list needs nobody. Returns how many."""
    begun = exists().where(
        CallStage.call_id == Call.id,
        CallStage.kind.in_([StageKind.VOTING, StageKind.REVIEW]),
        CallStage.opens_at <= utc_now(),
    )
    waiting = db.session.scalars(
        select(CallRound)
        .join(Call, CallRound.call_id == Call.id)
        .where(CallRound.opened_at.is_(None), Call.status == CallStatus.PUBLISHED, begun)
        .order_by(CallRound.call_id, CallRound.position)
    ).all()
    return sum(_open(row) for row in waiting)


def _open(row: CallRound) -> bool:
    with transaction(row) as session:
        return open_due(session, row, utc_now())


def add_ideas_to_votes() -> int:
    """Put what was found eligible since on the lists of open votes that proposals may join. Returns how many joined."""
    now = utc_now()
    running = exists().where(
        CallStage.call_id == Call.id,
        CallStage.kind == StageKind.VOTING,
        CallStage.opens_at <= now,
        or_(CallStage.closes_at.is_(None), CallStage.closes_at > now),
    )
    rounds = db.session.scalars(
        select(CallRound)
        .join(Call, CallRound.call_id == Call.id)
        .where(
            CallRound.kind == RoundKind.VOTE,
            CallRound.opened_at.is_not(None),
            CallRound.counted_at.is_(None),
            Call.status == CallStatus.PUBLISHED,
            running,
        )
        .order_by(CallRound.id)
    ).all()
    return sum(_add_ideas(row) for row in rounds if facts_of_round(db.session(), row).round.ideas)


def _add_ideas(row: CallRound) -> int:
    with transaction(row) as session:
        return add_ideas(session, row, now=utc_now())


def strike_left_candidates() -> int:
    """Bring the strikes up to date with what was withdrawn or disqualified. Returns how many rounds changed."""
    wrong = or_(
        Candidate.struck_at.is_(None) & Proposal.status.in_(LEFT),
        Candidate.struck_at.is_not(None) & Proposal.status.not_in(LEFT),
    )
    rounds = db.session.scalars(
        select(CallRound)
        .where(
            CallRound.id.in_(
                select(Candidate.round_id).join(Proposal, Candidate.proposal_id == Proposal.id).where(wrong)
            )
        )
        .order_by(CallRound.id)
    ).all()
    return sum(_strike(row) for row in rounds)


def _strike(row: CallRound) -> bool:
    with transaction(row) as session:
        return strike_left(session, row, now=utc_now())
