"""After the results: declining a place, taking it up after all, and moving a reserve up."""

from datetime import datetime

from sqlalchemy.orm import Session

from crowd.calls.gates import facts_of_call
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.errors import DomainError, InvalidInput, NotAllowed
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.pipeline import Move
from crowd.core.status import Outcome, ProposalStatus
from crowd.core.subjects import CallFacts
from crowd.credentials.models import Revocation
from crowd.proposals.actions import apply_move
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import Proposal
from crowd.selection.actions.correct import Change, give_back_credits, keep_change, take_back_credits
from crowd.selection.actions.credits import issue_credits
from crowd.selection.actions.verdicts import lock_proposals
from crowd.selection.commands import MoveUp
from crowd.selection.queries.places import declining_of, free_places, proposals_by_id, reserve_of
from crowd.store.events import record_in
from crowd.web.access import require


def decline_selection(session: Session, proposal: Proposal, reason: str, *, actor: Actor, now: datetime) -> None:
    """The authors do not take the place; their credits are taken back. The call and `proposal` are locked."""
    require(actor, Permission.SELECTION_DECLINE, facts_of_proposal(session, proposal), now)
    if not reason.strip():
        raise InvalidInput("decline_reason", "reason")
    told = {"reason": proposal.outcome_reason}
    before = {"outcome": ProposalStatus.SELECTED.value, **told}
    after = {"outcome": ProposalStatus.DECLINED.value, **told}
    keep_change(session, proposal, Change("declined", before, after, reason), actor=actor, now=now)
    take_back_credits(session, proposal, Revocation.DECLINED, actor_id=actor.account_id, now=now)
    apply_move(session, proposal, Move.DECLINE, actor_id=actor.account_id, now=now, reason=reason.strip())


def take_up_selection(session: Session, proposal: Proposal, *, actor: Actor, now: datetime) -> None:
    """Undo of declining, within a day and while the place is free. The call and `proposal` are locked."""
    require(actor, Permission.SELECTION_TAKE_UP, facts_of_proposal(session, proposal), now)
    declining = declining_of(session, proposal, now)
    if declining is None or declining.undo_until is None:
        raise DomainError("take_up_over")
    told = {"reason": proposal.outcome_reason}
    before = {"outcome": ProposalStatus.DECLINED.value, **told}
    after = {"outcome": ProposalStatus.SELECTED.value, **told}
    keep_change(session, proposal, Change("taken_up", before, after, ""), actor=actor, now=now)
    give_back_credits(session, proposal)
    apply_move(session, proposal, Move.TAKE_UP, actor_id=actor.account_id, now=now)


def move_up(session: Session, call: Call, command: MoveUp, *, actor: Actor, now: datetime) -> Proposal | None:
    """Fill a free place from the reserve list, or say that it stays empty. `call` is locked, so that of two who fill it one comes first.

    DomainError `place_settled` for the second; InvalidInput without a note where somebody else moves up than the ranking calls.
    """
    facts = facts_of_call(session, call.id)
    require(actor, Permission.SELECTION_CORRECT, facts, now)
    vacated = _vacated(session, call.id, command.vacated)
    if not command.chosen:
        _leave_empty(session, vacated, command.note, facts, actor=actor, now=now)
        return None
    reserve = reserve_of(session, call.id)
    chosen = next((row for row in lock_proposals(session, call.id, [command.chosen])), None)
    if chosen is None or chosen.status is not ProposalStatus.RESERVE:
        raise InvalidInput("not_in_reserve", "chosen")
    if actor.account_id in facts_of_proposal(session, chosen).stake_ids():
        raise NotAllowed("no_stake")
    if (reserve.following is None or reserve.following.id != chosen.id) and not command.note.strip():
        raise InvalidInput("move_up_note", "note")
    _fill(session, chosen, vacated, command, actor=actor, now=now)
    give_back_credits(session, chosen)
    issue_credits(session, [chosen], facts, actor_id=actor.account_id, now=now)
    return chosen


def _vacated(session: Session, call_id: int, public_id: str) -> Proposal:
    found = proposals_by_id(session, free_places(session, call_id))
    vacated = next((row for row in found.values() if row.public_id == public_id), None)
    if vacated is None:
        raise DomainError("place_settled")
    return vacated


def _fill(
    session: Session, chosen: Proposal, vacated: Proposal, command: MoveUp, *, actor: Actor, now: datetime
) -> None:
    reason = command.reason.strip() or chosen.outcome_reason
    before = {"outcome": Outcome.RESERVE.value, "reason": chosen.outcome_reason}
    after = {"outcome": Outcome.SELECTED.value, "reason": reason}
    change = Change("moved_up", before, after, command.note, in_place_of=vacated.id)
    keep_change(session, chosen, change, actor=actor, now=now)
    chosen.outcome_reason = reason
    apply_move(
        session,
        chosen,
        Move.SELECT,
        actor_id=actor.account_id,
        now=now,
        reason=command.note.strip(),
        event=EventKind.RESERVE_MOVED_UP,
    )


def _leave_empty(
    session: Session, vacated: Proposal, note: str, call: CallFacts, *, actor: Actor, now: datetime
) -> None:
    if not note.strip():
        raise InvalidInput("left_empty_note", "note")
    told = {"outcome": vacated.status.value, "reason": vacated.outcome_reason}
    keep_change(session, vacated, Change("left_empty", told, told, note, vacated.id), actor=actor, now=now)
    about = {"proposal_id": vacated.id, "reason": note.strip()}
    record_in(session, EventKind.PLACE_LEFT_EMPTY, call, actor=actor, now=now, **about)
