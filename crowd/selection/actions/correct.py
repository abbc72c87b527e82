"""Putting right what was published: in public, with a note, the earlier text kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.errors import InvalidInput, NotAllowed, StaleVersion
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.selection.corrected import FIRST, sha256_of_text
from crowd.core.status import DECIDED, Outcome, ProposalStatus
from crowd.core.subjects import CallFacts, ProposalFacts
from crowd.credentials.actions import revoke
from crowd.credentials.models import Revocation
from crowd.proposals.actions import apply_move
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import Proposal
from crowd.selection.actions.credits import issue_credits
from crowd.selection.actions.publish import MOVES
from crowd.selection.commands import Correct, CorrectCredit
from crowd.selection.models import Correction, Credit
from crowd.selection.queries.places import free_places
from crowd.selection.queries.versions import correction_files, record_sha256
from crowd.store.events import record_in
from crowd.web.access import require

CORRECTABLE = DECIDED | {ProposalStatus.NOT_ADVANCED}


def correct_outcome(session: Session, proposal: Proposal, command: Correct, *, actor: Actor, now: datetime) -> None:
    """Correct outcome and reason of the locked proposal. A new selection brings credits, a selection taken back revokes them."""
    facts = facts_of_proposal(session, proposal)
    _may_correct(actor, facts, now)
    if proposal.status not in CORRECTABLE:
        raise InvalidInput("not_decidable")
    if command.version != proposal.version:
        raise StaleVersion(command.version, proposal.version)
    _noted(command.note)
    if not command.reason.strip():
        raise InvalidInput("verdict_reason", "reason")
    before = {"outcome": published_outcome(proposal).value, "reason": proposal.outcome_reason}
    after = {"outcome": command.outcome.value, "reason": command.reason.strip()}
    if before == after:
        raise InvalidInput("correction_empty")
    kind = "reason" if before["outcome"] == after["outcome"] else "outcome"
    keep_change(session, proposal, Change(kind, before, after, command.note), actor=actor, now=now)
    proposal.outcome_reason = after["reason"]
    _apply(session, proposal, command, facts.call, actor=actor, now=now)


def published_outcome(proposal: Proposal) -> Outcome:
    return Outcome.NOT_SELECTED if proposal.status is ProposalStatus.NOT_ADVANCED else Outcome(proposal.status.value)


def _may_correct(actor: Actor, facts: ProposalFacts, now: datetime) -> None:
    require(actor, Permission.SELECTION_CORRECT, facts.call, now)
    if actor.account_id in facts.stake_ids():
        raise NotAllowed("no_stake")


def _noted(note: str) -> None:
    if not note.strip():
        raise InvalidInput("correction_note", "note")


@dataclass(frozen=True)
class Change:
    """What a correction changes, and its public note."""

    kind: str
    before: dict[str, Any]
    after: dict[str, Any]
    note: str
    in_place_of: int | None = None


def keep_change(session: Session, proposal: Proposal, change: Change, *, actor: Actor, now: datetime) -> None:
    """Put a change of what is published on the record, and count the call's free places again."""
    call = session.get_one(Call, proposal.call_id, with_for_update=True)
    row = Correction(
        call_id=proposal.call_id,
        proposal_id=proposal.id,
        kind=change.kind,
        before=change.before,
        after=change.after,
        note=change.note.strip(),
        in_place_of_id=change.in_place_of,
        at=now,
        by_id=actor.account_id,
    )
    session.add(row)
    session.flush()
    call.free_places = len(free_places(session, call.id))
    published = record_sha256(session, call.id)
    if change.kind != "credit" and published is not None:
        files = correction_files(session, call, published)
        row.version, row.sha256 = len(files) - 1 + FIRST, sha256_of_text(files[-1])


def _apply(
    session: Session, proposal: Proposal, command: Correct, call: CallFacts, *, actor: Actor, now: datetime
) -> None:
    was = proposal.status
    apply_move(
        session,
        proposal,
        MOVES[command.outcome],
        actor_id=actor.account_id,
        now=now,
        reason=command.note.strip(),
        event=EventKind.OUTCOME_CORRECTED,
    )
    if command.outcome is Outcome.SELECTED and was is not ProposalStatus.SELECTED:
        give_back_credits(session, proposal)
        issue_credits(session, [proposal], call, actor_id=actor.account_id, now=now)
    elif command.outcome is not Outcome.SELECTED and was is ProposalStatus.SELECTED:
        for credit in take_back_credits(session, proposal, actor_id=actor.account_id, now=now):
            _record_credit(session, credit, call, command.note, actor=actor, now=now)


def _credits(session: Session, proposal: Proposal) -> list[Credit]:
    return list(session.scalars(select(Credit).where(Credit.proposal_id == proposal.id).order_by(Credit.id)))


def take_back_credits(
    session: Session,
    proposal: Proposal,
    why: Revocation = Revocation.TAKEN_BACK,
    *,
    actor_id: int | None,
    now: datetime,
) -> list[Credit]:
    """The credits of a proposal that is no longer selected hold no more, nor what was signed of them. Returns all of them."""
    credits_ = _credits(session, proposal)
    for credit in credits_:
        credit.revoked_at = credit.revoked_at or now
        revoke(session, credit.id, why, actor_id=actor_id, now=now)
    return credits_


def give_back_credits(session: Session, proposal: Proposal) -> None:
    """Credits taken back with an earlier change hold again under the same code."""
    for credit in _credits(session, proposal):
        credit.revoked_at = None


def correct_credit(session: Session, credit: Credit, command: CorrectCredit, *, actor: Actor, now: datetime) -> None:
    """Correct name, roles or share of the locked credit, or take it back."""
    proposal = session.get_one(Proposal, credit.proposal_id)
    facts = facts_of_proposal(session, proposal)
    _may_correct(actor, facts, now)
    _noted(command.note)
    before, after = credit_data(credit), _asked(credit, command)
    if before == after:
        raise InvalidInput("correction_empty")
    keep_change(session, proposal, Change("credit", before, after, command.note), actor=actor, now=now)
    credit.name, credit.roles, credit.share = after["name"], list(command.roles), command.share
    credit.revoked_at = (credit.revoked_at or now) if command.revoked else None
    why = Revocation.TAKEN_BACK if command.revoked else Revocation.CORRECTED
    revoke(session, credit.id, why, actor_id=actor.account_id, now=now)
    _record_credit(session, credit, facts.call, command.note, actor=actor, now=now)


def credit_data(credit: Credit) -> dict[str, Any]:
    return {
        "code": credit.code,
        "name": credit.name,
        "roles": list(credit.roles),
        "share": credit.share,
        "revoked": credit.revoked_at is not None,
    }


def _asked(credit: Credit, command: CorrectCredit) -> dict[str, Any]:
    """Nobody is named by somebody else who does not want to be."""
    return {
        "code": credit.code,
        "name": command.name if credit.name else "",
        "roles": list(command.roles),
        "share": command.share,
        "revoked": command.revoked,
    }


def _record_credit(
    session: Session, credit: Credit, call: CallFacts, note: str, *, actor: Actor, now: datetime
) -> None:
    about = {"proposal_id": credit.proposal_id, "subject_id": credit.id, "reason": note.strip()}
    record_in(session, EventKind.CREDIT_CORRECTED, call, actor=actor, now=now, **about)
