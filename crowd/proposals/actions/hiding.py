"""Moderation of a proposal, beside its status: hidden from the public, with a reason; a tombstone stays."""

from datetime import datetime

from sqlalchemy.orm import Session

from crowd.core.actor import Actor
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.status import ModerationCode, ModerationState
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import Proposal
from crowd.store.events import record
from crowd.web.access import require


def hide_proposal(
    session: Session, proposal: Proposal, code: ModerationCode, reason: str, *, actor: Actor, now: datetime
) -> None:
    """`proposal` must be locked. Hiding what is hidden changes nothing. Status, ballots and reviews stay as they are."""
    facts = facts_of_proposal(session, proposal)
    require(actor, Permission.PROPOSAL_HIDE, facts, now)
    if proposal.moderation is ModerationState.HIDDEN:
        return
    proposal.moderation, proposal.hidden_code = ModerationState.HIDDEN, code
    proposal.hidden_reason = reason
    _record(session, EventKind.PROPOSAL_HIDDEN, proposal, facts.call.organization.id, actor, now, reason)


def unhide_proposal(session: Session, proposal: Proposal, *, actor: Actor, now: datetime) -> None:
    """`proposal` must be locked."""
    facts = facts_of_proposal(session, proposal)
    require(actor, Permission.PROPOSAL_HIDE, facts, now)
    if proposal.moderation is ModerationState.VISIBLE:
        return
    proposal.moderation, proposal.hidden_code = ModerationState.VISIBLE, None
    proposal.hidden_reason = ""
    _record(session, EventKind.PROPOSAL_UNHIDDEN, proposal, facts.call.organization.id, actor, now, None)


def _record(
    session: Session,
    kind: EventKind,
    proposal: Proposal,
    organization_id: int,
    actor: Actor,
    now: datetime,
    reason: str | None,
) -> None:
    record(
        session,
        kind,
        now=now,
        actor_id=actor.account_id,
        organization_id=organization_id,
        call_id=proposal.call_id,
        proposal_id=proposal.id,
        reason=reason,
    )
