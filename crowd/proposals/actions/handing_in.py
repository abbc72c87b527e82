"""Handing in, withdrawing, deleting a draft. The clock is read after the lock, so the deadline is the same for everybody."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.answers import asked_to_hand_in
from crowd.core.errors import InvalidInput, StaleVersion
from crowd.core.permissions import Permission
from crowd.core.pipeline import Move
from crowd.proposals.actions.limits import check_limits
from crowd.proposals.actions.moves import apply_move, move_proposal
from crowd.proposals.actions.writing import add_version, text_of
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import Attachment, Declaration, Proposal, ProposalVersion
from crowd.store.search import forget_text
from crowd.web.access import require


def hand_in(
    session: Session,
    call: Call,
    proposal: Proposal,
    *,
    opened: int,
    declared: frozenset[int],
    actor: Actor,
    now: datetime,
) -> ProposalVersion:
    """Hand in the draft as it was shown (`opened`); `call` and `proposal` are locked. `declared`: places of the declarations.

    Raises NotAllowed (deadline, not the lead), StaleVersion, InvalidInput for a missing part or declaration, or one too many.
    """
    facts = facts_of_proposal(session, proposal)
    require(actor, Permission.PROPOSAL_SUBMIT, facts, now)
    if opened != proposal.version:
        raise StaleVersion(opened, proposal.version)
    rules, text = facts.call.rules, text_of(session, proposal)
    if text.missing(asks_cost=rules.asks_cost, asked=asked_to_hand_in(facts.call, text.answers, now)):
        raise InvalidInput("not_complete")
    check_limits(session, rules, proposal, facts.team_ids)
    if declared != frozenset(range(len(rules.declarations))):
        raise InvalidInput("not_declared", "declarations")
    call.last_number += 1
    proposal.number, proposal.submitted_at = call.last_number, now
    apply_move(session, proposal, Move.SUBMIT, actor_id=actor.account_id, now=now)
    session.add(_declaration(proposal, call, rules.declarations, actor, now))
    version = add_version(session, proposal, actor=actor, now=now)
    proposal.receipt_sha256 = version.sha256
    return version


def _declaration(proposal: Proposal, call: Call, items: tuple[str, ...], actor: Actor, now: datetime) -> Declaration:
    return Declaration(
        proposal_id=proposal.id,
        account_id=actor.account_id,
        at=now,
        rules_sha256=call.rules_sha256 or "",
        items=list(items),
    )


def withdraw_proposal(session: Session, proposal: Proposal, reason: str, *, actor: Actor, now: datetime) -> None:
    """In a round it stays listed, struck through; the count runs without it."""
    move_proposal(session, proposal, Move.WITHDRAW, actor=actor, now=now, reason=reason or None)


def delete_draft(session: Session, proposal: Proposal, *, actor: Actor, now: datetime) -> list[str]:
    """Delete the draft with all that hangs on it; returns the storage keys of its files, to be deleted after the commit."""
    require(actor, Permission.PROPOSAL_DELETE, facts_of_proposal(session, proposal), now)
    kept = session.execute(
        select(Attachment.storage_key, Attachment.preview_key).where(Attachment.proposal_id == proposal.id)
    )
    keys = [key for pair in kept for key in pair if key]
    forget_text(session, "proposal", proposal.id)
    session.delete(proposal)
    return keys
