"""Screening: eligible, not eligible with a reason, or a correction asked for by a date; each can be undone within the stage."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from crowd.core.actor import Actor
from crowd.core.errors import DomainError, InvalidInput, StaleVersion
from crowd.core.permissions import Permission
from crowd.core.pipeline import Move
from crowd.core.status import ProposalStatus, StageKind
from crowd.proposals.actions.moves import move_proposal
from crowd.proposals.commands import ManyScreened, ScreeningDecision
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import Proposal, Screening
from crowd.proposals.queries import last_version_number
from crowd.web.access import require

LONGEST_WAIT = timedelta(days=90)


def screen_proposal(
    session: Session, proposal: Proposal, decision: ScreeningDecision, *, opened: int, actor: Actor, now: datetime
) -> None:
    """Decide on the locked row. `opened`: the row's version that was on the screen.

    Raises NotAllowed (a stake, not staff), StaleVersion (decided or edited meanwhile), InvalidInput (reason or date missing).
    """
    require(actor, Permission.PROPOSAL_SCREEN, facts_of_proposal(session, proposal), now)
    if opened != proposal.version:
        raise StaleVersion(opened, proposal.version)
    check_decision(decision, now)
    move_proposal(session, proposal, _move(proposal, decision), actor=actor, now=now, reason=decision.text or None)
    proposal.correction_due = decision.due if decision.outcome is ProposalStatus.CORRECTION else None
    session.add(
        Screening(
            proposal_id=proposal.id,
            at=now,
            by_id=actor.account_id,
            outcome=decision.outcome,
            code=decision.code,
            text=decision.text,
            due=proposal.correction_due,
            version_seen=last_version_number(session, proposal.id),
        )
    )


def check_decision(decision: ScreeningDecision, now: datetime) -> None:
    """Raises InvalidInput when a reason or the date is missing."""
    if decision.outcome is ProposalStatus.ELIGIBLE:
        return
    if decision.outcome is ProposalStatus.INELIGIBLE and not decision.code:
        raise InvalidInput("code_needed", "code")
    if not decision.text.strip():
        raise InvalidInput("reason_needed", "text")
    if decision.outcome is ProposalStatus.CORRECTION:
        if decision.due is None or decision.due <= now:
            raise InvalidInput("due_needed", "due")
        if decision.due > now + LONGEST_WAIT:
            raise InvalidInput("due_too_late", "due", days=LONGEST_WAIT.days)


def _move(proposal: Proposal, decision: ScreeningDecision) -> Move:
    """What stands on a round's list is disqualified: it stays listed, struck through."""
    if decision.outcome is ProposalStatus.INELIGIBLE and proposal.in_round:
        return Move.DISQUALIFY
    return {
        ProposalStatus.ELIGIBLE: Move.FIND_ELIGIBLE,
        ProposalStatus.INELIGIBLE: Move.FIND_INELIGIBLE,
        ProposalStatus.CORRECTION: Move.ASK_CORRECTION,
    }[decision.outcome]


def screen_many(
    session: Session,
    proposals: Sequence[Proposal],
    decision: ScreeningDecision,
    *,
    opened: Mapping[int, int],
    actor: Actor,
    now: datetime,
) -> ManyScreened:
    """The same decision for each of the locked proposals; those that may not be decided (a stake, changed meanwhile, already
    decided) are left as they are. `opened`: the version of each row, by id, that was on the screen.

    Raises InvalidInput when the decision itself lacks something.
    """
    check_decision(decision, now)
    done, left = [], []
    for proposal in proposals:
        try:
            screen_proposal(session, proposal, decision, opened=opened.get(proposal.id, 0), actor=actor, now=now)
        except DomainError as error:
            left.append((proposal.public_id, error.code))
        else:
            done.append(proposal.id)
    return ManyScreened(tuple(done), tuple(left))


def undo_many(session: Session, proposals: Sequence[Proposal], *, actor: Actor, now: datetime) -> ManyScreened:
    """Back to the queue, each that still can."""
    done, left = [], []
    for proposal in proposals:
        try:
            undo_screening(session, proposal, actor=actor, now=now)
        except DomainError as error:
            left.append((proposal.public_id, error.code))
        else:
            done.append(proposal.id)
    return ManyScreened(tuple(done), tuple(left))


def undo_screening(session: Session, proposal: Proposal, *, actor: Actor, now: datetime) -> None:
    """Back to the queue, as long as the stage lasts and no round has the proposal on its list."""
    facts = facts_of_proposal(session, proposal)
    require(actor, Permission.PROPOSAL_SCREEN, facts, now)
    if proposal.in_round or facts.call.is_past(StageKind.SCREENING, now):
        raise DomainError("screening_over")
    move_proposal(session, proposal, Move.UNDO_SCREENING, actor=actor, now=now)
