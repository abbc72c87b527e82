"""Publishing: all statuses, reasons, credits and the record of the result, in one act under the call's lock."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crowd.calls.gates import facts_of_call
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.errors import DomainError, InvalidInput
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.pipeline import Move
from crowd.core.receipt import canonical_json, sha256_of
from crowd.core.selection import Readiness
from crowd.core.status import MemberStatus, Outcome
from crowd.proposals.actions import apply_move
from crowd.proposals.models import Proposal, TeamMember
from crowd.selection.actions.counting import recount
from crowd.selection.actions.credits import issue_credits
from crowd.selection.actions.verdicts import lock_proposals
from crowd.selection.commands import Publish
from crowd.selection.models import PublishedResult
from crowd.selection.queries.basis import basis_of
from crowd.selection.queries.letters import outcome_letters, seen_fingerprint
from crowd.selection.queries.record import result_record
from crowd.selection.queries.room import Room, room_of
from crowd.store.events import record_in
from crowd.web.access import require

MOVES = {
    Outcome.SELECTED: Move.SELECT,
    Outcome.RESERVE: Move.RESERVE,
    Outcome.NOT_SELECTED: Move.NOT_SELECT,
}


def publish_results(session: Session, call: Call, command: Publish, *, actor: Actor, now: datetime) -> Room:
    """Publish every decision at once. `call` must be locked by the transaction, so that of two who publish one comes first.

    DomainError `already_published` for the second, `decisions_changed` when a verdict is not the one that was previewed;
    InvalidInput names the field of a justification that is missing, or what has to be decided first.
    """
    facts = facts_of_call(session, call.id)
    if facts.results_published:
        raise DomainError("already_published")
    require(actor, Permission.SELECTION_PUBLISH, facts, now)
    lock_proposals(session, call.id)
    recount(session, call.id, now)
    room = room_of(session, facts)
    _check(session, room, command, actor)
    _write_result(session, call, room, command, actor=actor, now=now)
    _apply(session, room, actor=actor, now=now)
    selected = [row.proposal for row in room.rows if row.outcome is Outcome.SELECTED]
    issue_credits(session, selected, facts, actor_id=actor.account_id, now=now)
    expire_invitations(session, call.id, now)
    call.results_published_at = now
    record_in(session, EventKind.RESULTS_PUBLISHED, facts, actor=actor, now=now)
    return room


def _check(session: Session, room: Room, command: Publish, actor: Actor) -> None:
    letters = outcome_letters(session, room.numbers.call.rules.title, room.rows)
    if command.fingerprint != seen_fingerprint(room.fingerprint, letters):
        raise DomainError("decisions_changed")
    outdated = sum(letter.outdated for letter in letters)
    if outdated:
        raise InvalidInput("publish_outdated", num=outdated)
    ready = room.readiness(actor)
    fault = first_fault(ready, command)
    if fault:
        raise fault


def first_fault(ready: Readiness, command: Publish) -> InvalidInput | None:
    """What refuses the publication, the most basic fault first."""
    blocking = {
        "publish_unscreened": ready.unscreened,
        "publish_undecided": ready.undecided,
        "publish_without_reason": ready.without_reason,
        "publish_unconfirmed": ready.unconfirmed,
    }
    for code, named in blocking.items():
        if named:
            return InvalidInput(code, num=len(named))
    if ready.incomplete and not command.incomplete_justification.strip():
        return InvalidInput("publish_incomplete", "incomplete_justification", num=len(ready.incomplete))
    if ready.asks_justification and not command.justification.strip():
        return InvalidInput("publish_justification", "justification")
    return None


def _write_result(session: Session, call: Call, room: Room, command: Publish, *, actor: Actor, now: datetime) -> None:
    staked = {row.proposal.public_id for row in room.staked(actor)}
    basis = basis_of(session, call.public_id, call.rules_sha256, room.numbers)
    data = result_record(
        session,
        call=call.public_id,
        rules_sha256=call.rules_sha256,
        basis_sha256=sha256_of(basis),
        room=room,
        justification=command.justification.strip(),
        incomplete_justification=command.incomplete_justification.strip(),
        confirmed=sorted(staked),
        now=now,
    )
    session.add(
        PublishedResult(
            call_id=call.id,
            published_at=now,
            published_by_id=actor.account_id,
            result=canonical_json(data).decode(),
            basis=canonical_json(basis).decode(),
            sha256=sha256_of(data),
            justification=data["justification"],
            incomplete_justification=data["incomplete_justification"],
        )
    )


def _apply(session: Session, room: Room, *, actor: Actor, now: datetime) -> None:
    """Whoever was told after an earlier round and has no other verdict stays as told."""
    for row in room.rows:
        if row.verdict is None:
            continue
        row.proposal.outcome_reason = row.verdict.reason
        apply_move(session, row.proposal, MOVES[row.verdict.outcome], actor_id=actor.account_id, now=now)


def expire_invitations(session: Session, call_id: int, now: datetime) -> None:
    """Nobody can join a team once results are published: links that were not answered end here."""
    proposals = select(Proposal.id).where(Proposal.call_id == call_id)
    session.execute(
        update(TeamMember)
        .where(TeamMember.proposal_id.in_(proposals), TeamMember.status == MemberStatus.PENDING)
        .values(status=MemberStatus.REMOVED, token_hash=None, answered_at=now)
        .execution_options(synchronize_session=False)
    )
