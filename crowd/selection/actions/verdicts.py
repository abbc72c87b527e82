"""Deciding: verdicts beside the status. Whoever has a stake in a proposal does not decide it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.gates import facts_of_call
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.errors import DomainError, InvalidInput, NotAllowed, StaleVersion
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.status import IN_THE_RUNNING, ProposalStatus
from crowd.core.subjects import CallFacts, ChairFacts, ProposalFacts
from crowd.proposals.gates import facts_of_proposals
from crowd.proposals.models import Proposal
from crowd.selection.commands import Decide
from crowd.selection.models import Verdict
from crowd.selection.queries.room import managers_of
from crowd.store.events import record_in
from crowd.web.access import require

DECIDABLE = IN_THE_RUNNING | {ProposalStatus.NOT_ADVANCED}


def lock_proposals(session: Session, call_id: int, public_ids: Sequence[str] | None = None) -> list[Proposal]:
    """Lock proposals of a call (all, or those named) in the order of their ids, and bring them up to date."""
    statement = select(Proposal).where(Proposal.call_id == call_id).order_by(Proposal.id).with_for_update()
    if public_ids is not None:
        statement = statement.where(Proposal.public_id.in_(public_ids))
    return list(session.scalars(statement.execution_options(populate_existing=True)))


def set_verdicts(
    session: Session, call: Call, decisions: Mapping[str, Decide], *, actor: Actor, now: datetime
) -> list[Verdict]:
    """Set verdicts by public id of the proposal: all of them or none.

    NotAllowed where the actor has a stake, StaleVersion where somebody decided meanwhile, InvalidInput without a reason.
    """
    facts = facts_of_call(session, call.id)
    proposals = lock_proposals(session, call.id, list(decisions))
    if len(proposals) < len(decisions):
        raise InvalidInput("not_decidable")
    stakes = facts_of_proposals(session, proposals, facts)
    known = _verdicts(session, proposals)
    return [
        _set_one(session, row, known.get(row.id), decisions[row.public_id], stakes[row.id], actor=actor, now=now)
        for row in proposals
    ]


def _verdicts(session: Session, proposals: Sequence[Proposal]) -> dict[int, Verdict]:
    rows = session.scalars(
        select(Verdict)
        .where(Verdict.proposal_id.in_([row.id for row in proposals]))
        .execution_options(populate_existing=True)
    )
    return {row.proposal_id: row for row in rows}


def _set_one(
    session: Session,
    proposal: Proposal,
    verdict: Verdict | None,
    decide: Decide,
    facts: ProposalFacts,
    *,
    actor: Actor,
    now: datetime,
) -> Verdict:
    require(actor, Permission.SELECTION_DECIDE, facts, now)
    if proposal.status not in DECIDABLE:
        raise InvalidInput("not_decidable")
    _check_form(decide, verdict)
    return write_verdict(session, proposal, verdict, decide, facts.call, actor=actor, now=now)


def write_verdict(
    session: Session,
    proposal: Proposal,
    verdict: Verdict | None,
    decide: Decide,
    call: CallFacts,
    *,
    actor: Actor,
    now: datetime,
) -> Verdict:
    """Write a verdict that was already judged; an earlier confirmation no longer holds."""
    before = verdict.outcome if verdict else None
    if verdict is None:
        verdict = Verdict(proposal_id=proposal.id, version=0)
        session.add(verdict)
    verdict.outcome, verdict.reason_code = decide.outcome, decide.reason_code
    verdict.reason, verdict.letter = decide.reason.strip(), decide.letter.strip()
    verdict.decided_by_id, verdict.decided_at = actor.account_id, now
    verdict.confirmed_by_id, verdict.confirmed_at = None, None
    verdict.version += 1
    about = {"proposal_id": proposal.id, "source": before, "target": decide.outcome}
    record_in(session, EventKind.VERDICT_SET, call, actor=actor, now=now, **about)
    return verdict


def confirm_verdicts(session: Session, call: Call, public_ids: Sequence[str], *, actor: Actor, now: datetime) -> int:
    """Confirm decided rows for somebody who has a stake in them and wants to publish. Returns how many."""
    facts = facts_of_call(session, call.id)
    proposals = lock_proposals(session, call.id, public_ids)
    stakes = facts_of_proposals(session, proposals, facts)
    known = _verdicts(session, proposals)
    for proposal in proposals:
        require(actor, Permission.SELECTION_DECIDE, stakes[proposal.id], now)
        verdict = known.get(proposal.id)
        if verdict is None:
            raise DomainError("verdict_nothing_to_confirm")
        _confirm(session, proposal, verdict, facts, actor=actor, now=now)
    return len(proposals)


def _confirm(
    session: Session, proposal: Proposal, verdict: Verdict, call: CallFacts, *, actor: Actor, now: datetime
) -> None:
    verdict.confirmed_by_id, verdict.confirmed_at = actor.account_id, now
    about = {"proposal_id": proposal.id, "target": verdict.outcome}
    record_in(session, EventKind.VERDICT_CONFIRMED, call, actor=actor, now=now, **about)


def stand_in(
    session: Session, call: Call, public_id: str, decide: Decide, facts: ChairFacts, *, actor: Actor, now: datetime
) -> Verdict:
    """Decide and confirm, as chair of a jury, a proposal in which a manager has a stake. `facts` are read in this transaction."""
    require(actor, Permission.SELECTION_STAND_IN, facts, now)
    proposals = lock_proposals(session, call.id, [public_id])
    if not proposals or proposals[0].status not in DECIDABLE:
        raise InvalidInput("not_decidable")
    proposal = proposals[0]
    stakes = facts_of_proposals(session, [proposal], facts.call)[proposal.id].stake_ids()
    if actor.account_id in stakes:
        raise NotAllowed("no_stake")
    if not stakes & managers_of(session, facts.call.organization.id):
        raise InvalidInput("verdict_not_yours")
    known = _verdicts(session, proposals).get(proposal.id)
    _check_form(decide, known)
    verdict = write_verdict(session, proposal, known, decide, facts.call, actor=actor, now=now)
    _confirm(session, proposal, verdict, facts.call, actor=actor, now=now)
    return verdict


def _check_form(decide: Decide, known: Verdict | None) -> None:
    if not decide.reason.strip():
        raise InvalidInput("verdict_reason", "reason")
    current = known.version if known else 0
    if decide.version != current:
        raise StaleVersion(decide.version, current)
