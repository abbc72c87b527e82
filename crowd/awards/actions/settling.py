"""What managers tick off: payments made elsewhere, and obligations."""

from datetime import datetime

from sqlalchemy.orm import Session

from crowd.awards.actions.giving import may_settle, record_of
from crowd.awards.commands import AddObligation
from crowd.awards.models import Award, AwardPart, Obligation
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.awards import PartMove, next_state
from crowd.core.errors import InvalidInput
from crowd.core.events import EventKind
from crowd.core.status import ProposalStatus
from crowd.proposals.models import Proposal
from crowd.store.events import record


def standing(session: Session, part: AwardPart) -> Award:
    """The prize of a part, as long as it stands: not taken back, and its proposal still selected."""
    award = session.get_one(Award, part.award_id, populate_existing=True)
    proposal = session.get_one(Proposal, award.proposal_id, populate_existing=True)
    if award.taken_back_at is not None or proposal.status is not ProposalStatus.SELECTED:
        raise InvalidInput("award_not_standing")
    return award


def mark_paid(session: Session, part: AwardPart, reference: str, *, actor: Actor, now: datetime) -> None:
    """Note that a part was handed over, with a reference to where that is kept. `part` is locked."""
    award = standing(session, part)
    may_settle(session, award, actor, now)
    if not reference.strip():
        raise InvalidInput("award_reference", "reference")
    source = part.state
    part.state = next_state(PartMove.PAY, part.state, answers=part.account_id is not None)
    part.paid_at, part.paid_by_id, part.reference = now, actor.account_id, reference.strip()
    record_of(session, EventKind.AWARD_PAID, award, actor=actor, now=now, part=part, change=(source, part.state))


def unmark_paid(session: Session, part: AwardPart, *, actor: Actor, now: datetime) -> None:
    """Undo of `mark_paid`: it was noted by mistake. `part` is locked."""
    award = session.get_one(Award, part.award_id)
    may_settle(session, award, actor, now)
    source = part.state
    part.state = next_state(PartMove.UNPAY, part.state, answers=part.account_id is not None)
    part.paid_at, part.paid_by_id, part.reference = None, None, ""
    record_of(session, EventKind.AWARD_UNPAID, award, actor=actor, now=now, part=part, change=(source, part.state))


def add_obligation(
    session: Session, award: Award, command: AddObligation, *, actor: Actor, now: datetime
) -> Obligation:
    may_settle(session, award, actor, now)
    obligation = Obligation(
        award_id=award.id, text=command.text, due_on=command.due_on, added_at=now, added_by_id=actor.account_id
    )
    session.add(obligation)
    record_of(session, EventKind.OBLIGATION_ADDED, award, actor=actor, now=now)
    return obligation


def tick(session: Session, obligation: Obligation, *, done: bool, actor: Actor, now: datetime) -> None:
    """Note that an obligation is met, or that it is not after all. `obligation` is locked."""
    award = session.get_one(Award, obligation.award_id)
    may_settle(session, award, actor, now)
    if (obligation.done_at is not None) is done:
        return
    obligation.done_at, obligation.done_by_id = (now, actor.account_id) if done else (None, None)
    kind = EventKind.OBLIGATION_MET if done else EventKind.OBLIGATION_REOPENED
    record_of(session, kind, award, actor=actor, now=now)


def note_export(session: Session, call: Call, kind: str, *, actor: Actor, now: datetime) -> None:
    record(
        session,
        EventKind.AWARDS_EXPORTED,
        now=now,
        actor_id=actor.account_id,
        organization_id=call.organization_id,
        call_id=call.id,
        target=kind,
    )
