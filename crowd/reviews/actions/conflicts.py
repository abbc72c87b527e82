"""What a chair or manager makes of conflicts of interest: confirm, set aside, take back. Each with its trace."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crowd.core.actor import Actor
from crowd.core.conflicts import ConflictKind, ConflictStatus
from crowd.core.errors import DomainError, InvalidInput, NotAllowed
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.status import AssignmentStatus
from crowd.proposals.actions import declare_conflict, lift_conflict
from crowd.proposals.gates import stakes_in
from crowd.proposals.models import Proposal
from crowd.reviews.actions.answers import recuse_everywhere
from crowd.reviews.actions.readers import note
from crowd.reviews.actions.ties import conflict_row
from crowd.reviews.gates import facts_of_round, stake_of_account
from crowd.reviews.models import Assignment, Conflict, Juror
from crowd.rounds.models import CallRound
from crowd.web.access import require


class Tie(NamedTuple):
    """What is judged: all three must be locked or read in the transaction."""

    juror: Juror
    proposal: Proposal
    kind: ConflictKind


def confirm_conflict(session: Session, row: CallRound, tie: Tie, *, actor: Actor, now: datetime) -> None:
    """It is one: a stake from now on, access and score go. The call's row must be locked."""
    conflict, juror, proposal = _judged(session, row, tie, actor, now), tie.juror, tie.proposal
    if conflict.status is ConflictStatus.CONFIRMED:
        return
    _decide(conflict, ConflictStatus.CONFIRMED, "", actor, now)
    session.flush()
    if juror.account_id:
        declare_conflict(session, proposal, juror.account_id, reason="", actor_id=actor.account_id, now=now)
        recuse_everywhere(session, proposal, juror.account_id, "", actor_id=actor.account_id, now=now)
    _tell(session, EventKind.CONFLICT_CONFIRMED, row, conflict, "", actor, now)


def set_conflict_aside(session: Session, row: CallRound, tie: Tie, reason: str, *, actor: Actor, now: datetime) -> None:
    """Looked at, and none: this kind of tie between the two blocks and warns no more. Raises InvalidInput("conflict_reason_needed")."""
    conflict = _judged(session, row, tie, actor, now)
    if conflict.status is not ConflictStatus.OPEN:
        raise DomainError("conflict_judged")
    _with_reason(reason)
    _decide(conflict, ConflictStatus.SET_ASIDE, reason, actor, now)
    session.flush()
    _tell(session, EventKind.CONFLICT_SET_ASIDE, row, conflict, reason, actor, now)


def take_conflict_back(
    session: Session, row: CallRound, conflict: Conflict, reason: str, *, actor: Actor, now: datetime
) -> None:
    """It was none. Never by the reviewer; what they wrote before stays unseen and uncounted until they are assigned anew.

    `conflict` with its juror and proposal must be loaded and locked. Raises InvalidInput("conflict_reason_needed").
    """
    juror, proposal = conflict.juror, conflict.proposal
    _judged(session, row, Tie(juror, proposal, conflict.kind), actor, now)
    if conflict.status is not ConflictStatus.CONFIRMED:
        raise DomainError("conflict_judged")
    _with_reason(reason)
    _decide(conflict, ConflictStatus.TAKEN_BACK, reason, actor, now)
    session.flush()
    if not _still_confirmed(session, juror, proposal.id):
        _free(session, juror, proposal.id)
    _tell(session, EventKind.CONFLICT_TAKEN_BACK, row, conflict, reason, actor, now)


def _judged(session: Session, row: CallRound, tie: Tie, actor: Actor, now: datetime) -> Conflict:
    """The conflict, if this actor may judge it: a chair or manager without a stake of their own, and never one's own conflict."""
    juror, proposal, kind = tie
    facts = facts_of_round(session, row)
    require(actor, Permission.ROUND_ASSIGN, facts, now)
    if facts.call.results_published:
        raise DomainError("jury_round_over")
    if juror.account_id == actor.account_id:
        raise NotAllowed("own_conflict")
    if stake_of_account(session, stakes_in(session, [proposal.id]), [proposal.id], actor.account_id):
        raise NotAllowed("no_stake")
    return conflict_row(session, juror, proposal.id, kind, now=now)


def _with_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("conflict_reason_needed", "reason")


def _decide(conflict: Conflict, status: ConflictStatus, reason: str, actor: Actor, now: datetime) -> None:
    conflict.status, conflict.decision = status, reason.strip()
    conflict.decided_at, conflict.decided_by_id = now, actor.account_id


def _still_confirmed(session: Session, juror: Juror, proposal_id: int) -> bool:
    """By another conflict of this person, in whichever round of the call."""
    same = Juror.id == juror.id if juror.account_id is None else Juror.account_id == juror.account_id
    others = (
        select(Conflict.id)
        .join(Conflict.juror)
        .where(Conflict.proposal_id == proposal_id, Conflict.status == ConflictStatus.CONFIRMED, same)
    )
    return session.scalar(others.limit(1)) is not None


def _free(session: Session, juror: Juror, proposal_id: int) -> None:
    """Nothing keeps them from it any more; a chair may assign it again."""
    if juror.account_id:
        lift_conflict(session, proposal_id, juror.account_id)
    places = [juror.id]
    if juror.account_id:
        places = list(session.scalars(select(Juror.id).where(Juror.account_id == juror.account_id)))
    session.execute(
        update(Assignment)
        .where(
            Assignment.juror_id.in_(places),
            Assignment.proposal_id == proposal_id,
            Assignment.status == AssignmentStatus.RECUSED,
        )
        .values(status=AssignmentStatus.WITHDRAWN)
        .execution_options(synchronize_session=False)
    )


def _tell(
    session: Session, kind: EventKind, row: CallRound, conflict: Conflict, reason: str, actor: Actor, now: datetime
) -> None:
    note(
        session,
        kind,
        row,
        now=now,
        actor_id=actor.account_id,
        proposal_id=conflict.proposal_id,
        subject_id=conflict.id,
        juror_id=conflict.juror_id,
        reason=reason or None,
    )
