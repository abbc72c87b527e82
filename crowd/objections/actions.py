"""Objecting to a published result, taking it back, and answering: never by whoever decided what it is about."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.calls.gates import facts_of_call
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.errors import DomainError, InvalidInput
from crowd.core.events import EventKind
from crowd.core.objections import MOST_OPEN, Finality
from crowd.core.permissions import Permission
from crowd.core.status import ObjectionStatus, ProposalStatus
from crowd.objections.commands import Answer, Object
from crowd.objections.gates import objection_facts, result_facts
from crowd.objections.models import Objection
from crowd.objections.queries import state_of
from crowd.proposals.models import Proposal
from crowd.store.events import record
from crowd.store.models import Event
from crowd.store.types import new_public_id
from crowd.web.access import require


def file_objection(session: Session, call: Call, command: Object, *, actor: Actor, now: datetime) -> Objection:
    """Object to the result of the locked call.

    Raises NotAllowed outside the time or for who took no part, InvalidInput `objection_about` for a proposal of another call,
    DomainError `objection_twice` for the same words again, `objections_many` over the number that may wait.
    """
    facts = facts_of_call(session, call.id)
    require(actor, Permission.OBJECTION_FILE, result_facts(session, call, facts, actor), now)
    proposal_id = _proposal_id(session, call, command.proposal)
    _once(session, call.id, proposal_id, command, actor)
    row = Objection(
        public_id=new_public_id(),
        call_id=call.id,
        proposal_id=proposal_id,
        author_id=actor.account_id,
        kind=command.kind,
        text=command.text,
        evidence=command.evidence,
        is_public=command.is_public,
        filed_at=now,
        status=ObjectionStatus.OPEN,
    )
    session.add(row)
    session.flush()
    _record(session, EventKind.OBJECTION_FILED, row, call, actor, now)
    return row


def _proposal_id(session: Session, call: Call, public_id: str | None) -> int | None:
    if public_id is None:
        return None
    known = select(Proposal.id).where(
        Proposal.public_id == public_id, Proposal.call_id == call.id, Proposal.status != ProposalStatus.DRAFT
    )
    found = session.scalar(known)
    if found is None:
        raise InvalidInput("objection_about", "proposal")
    return found


def _once(session: Session, call_id: int, proposal_id: int | None, command: Object, actor: Actor) -> None:
    """The same form sent twice makes one objection."""
    own = (Objection.call_id == call_id, Objection.author_id == actor.account_id)
    waiting = session.scalars(select(Objection).where(*own, Objection.status == ObjectionStatus.OPEN)).all()
    if any((row.proposal_id, row.kind, row.text) == (proposal_id, command.kind, command.text) for row in waiting):
        raise DomainError("objection_twice")
    if len(waiting) >= MOST_OPEN:
        raise DomainError("objections_many")


def withdraw_objection(session: Session, row: Objection, *, actor: Actor, now: datetime) -> None:
    """Take one's own locked objection back while it waits."""
    require(actor, Permission.OBJECTION_WITHDRAW, objection_facts(session, row), now)
    row.status, row.ended_at = ObjectionStatus.WITHDRAWN, now
    _record(session, EventKind.OBJECTION_WITHDRAWN, row, session.get_one(Call, row.call_id), actor, now)


def answer_objection(session: Session, row: Objection, command: Answer, *, actor: Actor, now: datetime) -> None:
    """Answer the locked objection. Whoever decided what it is about, has a stake in it or objected may not. InvalidInput without words."""
    require(actor, Permission.OBJECTION_ANSWER, objection_facts(session, row), now)
    if not command.text.strip():
        raise InvalidInput("objection_answer", "text")
    row.status = ObjectionStatus.UPHELD if command.upheld else ObjectionStatus.REJECTED
    row.answer, row.answered_by_id, row.ended_at = command.text.strip(), actor.account_id, now
    _record(
        session, EventKind.OBJECTION_ANSWERED, row, session.get_one(Call, row.call_id), actor, now, reason=row.answer
    )


def settle_result(session: Session, call: Call, *, now: datetime) -> bool:
    """Say once that the result of the locked call is final, when no objection is taken or open any more."""
    state, window = state_of(session, call, facts_of_call(session, call.id), now)
    key = f"{EventKind.RESULTS_FINAL}:{call.id}"
    if state is not Finality.FINAL or window is None:
        return False
    if session.scalar(select(func.count()).where(Event.once_key == key)):
        return False
    record(
        session,
        EventKind.RESULTS_FINAL,
        now=now,
        organization_id=call.organization_id,
        call_id=call.id,
        once_key=key,
    )
    return True


def _record(
    session: Session,
    kind: EventKind,
    row: Objection,
    call: Call,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
) -> None:
    record(
        session,
        kind,
        now=now,
        actor_id=actor.account_id,
        organization_id=call.organization_id,
        call_id=call.id,
        proposal_id=row.proposal_id,
        subject_id=row.id,
        target=row.status,
        reason=reason,
    )
