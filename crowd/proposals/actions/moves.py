"""Moves through the pipeline, and who may read a proposal or has a stake in it."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from crowd.calls.gates import rules_of
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.events import EventKind
from crowd.core.pipeline import RULES, Move, next_status
from crowd.core.status import ProposalStatus
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import Exclusion, Proposal, Reader
from crowd.store.events import record
from crowd.web.access import require


def move_proposal(
    session: Session,
    proposal: Proposal,
    move: Move,
    *,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
) -> None:
    """The only place that assigns a status. `proposal` must be locked by the transaction.

    Raises IllegalMove when the move does not start here, NotAllowed when the actor may not make it.
    """
    facts = facts_of_proposal(session, proposal)
    require(actor, RULES[move].permission, facts, now)
    apply_move(session, proposal, move, actor_id=actor.account_id, now=now, reason=reason)


def apply_move(
    session: Session,
    proposal: Proposal,
    move: Move,
    *,
    actor_id: int | None,
    now: datetime,
    reason: str | None = None,
    event: EventKind | None = None,
) -> None:
    """Make a legal move whose permission the caller has already judged for the whole act (publishing, advancing)."""
    source, target = proposal.status, next_status(move, proposal.status)
    call = session.get_one(Call, proposal.call_id)
    if target is ProposalStatus.SUBMITTED and not rules_of(call).screening:
        target = ProposalStatus.ELIGIBLE
    proposal.status = target
    if target is not ProposalStatus.CORRECTION:
        proposal.correction_due = None
    proposal.version += 1
    _count(session, proposal, move)
    record(
        session,
        event or RULES[move].event,
        now=now,
        actor_id=actor_id,
        organization_id=call.organization_id,
        call_id=proposal.call_id,
        proposal_id=proposal.id,
        source=source,
        target=target,
        reason=reason,
    )


def _count(session: Session, proposal: Proposal, move: Move) -> None:
    """The call's number of proposals handed in and not withdrawn."""
    step = {Move.SUBMIT: 1, Move.WITHDRAW: -1}.get(move, 0)
    if step:
        counted = update(Call).where(Call.id == proposal.call_id)
        session.execute(counted.values(proposals_count=Call.proposals_count + step))


def declare_conflict(
    session: Session, proposal: Proposal, account_id: int, *, reason: str, actor_id: int | None, now: datetime
) -> None:
    """From now on this account has a stake in the proposal: it may not screen, review or decide it."""
    known = select(Exclusion.id).where(Exclusion.proposal_id == proposal.id, Exclusion.account_id == account_id)
    if session.scalar(known) is not None:
        return
    session.add(Exclusion(proposal_id=proposal.id, account_id=account_id, reason=reason, at=now))
    session.execute(delete(Reader).where(Reader.proposal_id == proposal.id, Reader.account_id == account_id))
    record(
        session,
        EventKind.CONFLICT_DECLARED,
        now=now,
        actor_id=actor_id,
        call_id=proposal.call_id,
        proposal_id=proposal.id,
        subject_id=account_id,
    )


def lift_conflict(session: Session, proposal_id: int, account_id: int) -> None:
    """It was none: this account has no stake for that reason any more. Whoever calls records the act with its reason."""
    session.execute(delete(Exclusion).where(Exclusion.proposal_id == proposal_id, Exclusion.account_id == account_id))


def grant_reader(session: Session, proposal_id: int, account_id: int) -> None:
    """Let an account read a proposal because of its work."""
    known = select(Reader.id).where(Reader.proposal_id == proposal_id, Reader.account_id == account_id)
    if session.scalar(known) is None:
        session.add(Reader(proposal_id=proposal_id, account_id=account_id))


def revoke_reader(session: Session, proposal_id: int, account_id: int) -> None:
    session.execute(delete(Reader).where(Reader.proposal_id == proposal_id, Reader.account_id == account_id))
