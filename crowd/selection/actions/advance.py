"""Going on to a later round: the manager confirms the list that the rules give; whoever is left out gets a reason."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from crowd.core.actor import Actor
from crowd.core.errors import DomainError, InvalidInput, NotAllowed
from crowd.core.permissions import Permission
from crowd.core.pipeline import Move
from crowd.core.rules import FieldKind, LeftOut, RoundKind
from crowd.core.status import Outcome
from crowd.proposals.actions import apply_move
from crowd.proposals.models import Proposal
from crowd.rounds.actions import open_round
from crowd.rounds.gates import facts_of_round
from crowd.rounds.models import CallRound
from crowd.selection.actions.counting import recount
from crowd.selection.actions.verdicts import lock_proposals, write_verdict
from crowd.selection.commands import Advance, Decide
from crowd.selection.models import RoundLeavingOut, Verdict
from crowd.selection.queries.field import RoundField, field_of
from crowd.selection.queries.room import verdicts_of
from crowd.web.access import require


def confirm_field(session: Session, row: CallRound, command: Advance, *, actor: Actor, now: datetime) -> RoundField:
    """Freeze the field of the locked round by the rules. `command` gives a reason for each proposal left out.

    Where the call tells at once, those left out and those that go on change their status now. Where it tells with the results,
    nobody's status says how the earlier round went: the reasons become verdicts that nobody sees before publication.
    """
    facts = facts_of_round(session, row)
    require(actor, Permission.ROUND_MANAGE, facts, now)
    _check_round(row, facts.round.field.kind)
    lock_proposals(session, facts.call.id)
    recount(session, facts.call.id, now)
    found = field_of(session, facts.call, row, actor, now)
    _check_list(found, command)
    entered = [found.proposals[key] for key in found.choice.entered]
    left = [found.proposals[entry.candidate] for entry in found.choice.left_out]
    tell_now = facts.call.rules.left_out is LeftOut.NOW
    opened = open_round(session, row, [proposal.id for proposal in entered], actor=actor, now=now)
    _keep_reasons(session, row, left, command, actor=actor, now=now)
    if tell_now:
        _tell(session, left, command, actor=actor, now=now)
    else:
        _decide_quietly(session, found, left, command, actor=actor, now=now)
    if tell_now or (opened and row.kind is RoundKind.VOTE):  # the list of a vote is public once it is open
        for proposal in entered:
            apply_move(session, proposal, Move.ADVANCE, actor_id=actor.account_id, now=now)
    return found


def _check_round(row: CallRound, kind: FieldKind) -> None:
    if kind is FieldKind.ALL:
        raise DomainError("list_by_itself")
    if row.opened_at is not None or row.confirmed_at is not None:
        raise DomainError("list_confirmed")


def _check_list(found: RoundField, command: Advance) -> None:
    if found.waiting_for:
        raise DomainError("list_waits")
    if found.staked:
        raise NotAllowed("list_stake")
    left = {entry.candidate for entry in found.choice.left_out}
    if left != set(command.reasons):
        raise DomainError("list_changed")
    if not all(reason.strip() for reason in command.reasons.values()):
        raise InvalidInput("verdict_reason", "reason")


def _keep_reasons(
    session: Session, row: CallRound, left: Iterable[Proposal], command: Advance, *, actor: Actor, now: datetime
) -> None:
    session.add_all(
        RoundLeavingOut(
            round_id=row.id,
            proposal_id=proposal.id,
            reason=command.reasons[proposal.public_id].strip(),
            at=now,
            by_id=actor.account_id,
        )
        for proposal in left
    )


def _tell(session: Session, left: Iterable[Proposal], command: Advance, *, actor: Actor, now: datetime) -> None:
    for proposal in left:
        proposal.outcome_reason = command.reasons[proposal.public_id].strip()
        apply_move(
            session,
            proposal,
            Move.LEAVE_OUT,
            actor_id=actor.account_id,
            now=now,
            reason=proposal.outcome_reason,
        )


def _decide_quietly(
    session: Session, found: RoundField, left: Iterable[Proposal], command: Advance, *, actor: Actor, now: datetime
) -> None:
    call = found.call
    known: dict[int, Verdict] = dict(verdicts_of(session, call.id))
    for proposal in left:
        decide = Decide(Outcome.NOT_SELECTED, command.reasons[proposal.public_id], "left_out")
        write_verdict(session, proposal, known.get(proposal.id), decide, call, actor=actor, now=now)
