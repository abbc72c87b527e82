"""Mending an open round's list: a late candidate is added on the record, one that left is struck and stays listed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager

from crowd.core.actor import Actor
from crowd.core.errors import InvalidInput
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.status import IN_THE_RUNNING, LEFT
from crowd.core.subjects import RoundFacts
from crowd.proposals.gates import facts_of_proposals
from crowd.proposals.models import Proposal
from crowd.proposals.queries import newest_versions
from crowd.rounds.actions.opening import list_fingerprint
from crowd.rounds.gates import facts_of_round
from crowd.rounds.models import CallRound, Candidate
from crowd.rounds.queries import candidates_of, ideas_for, is_listed
from crowd.store.events import record
from crowd.web.access import require


def add_candidate(
    session: Session, row: CallRound, proposal: Proposal, *, reason: str, actor: Actor, now: datetime
) -> Candidate:
    """Put a late proposal on the list of the locked, open round; voters are told.

    Raises InvalidInput `round_not_open`, `not_in_the_running` (screen it first) or `already_listed`.
    """
    facts = facts_of_round(session, row)
    require(actor, Permission.ROUND_MANAGE, facts, now)
    require(actor, Permission.SELECTION_DECIDE, facts_of_proposals(session, [proposal], facts.call)[proposal.id], now)
    if row.opened_at is None or row.counted_at is not None or not facts.is_open(now):
        raise InvalidInput("round_not_open")
    if proposal.call_id != row.call_id or proposal.status not in IN_THE_RUNNING:
        raise InvalidInput("not_in_the_running", "proposal")
    if is_listed(session, row.id, proposal.id):
        raise InvalidInput("already_listed", "proposal")
    act = {"kind": EventKind.ROUND_CANDIDATE_ADDED, "actor_id": actor.account_id, "reason": reason}
    return _put(session, row, proposal, facts, now, act)


def add_ideas(session: Session, row: CallRound, *, now: datetime) -> int:
    """Put on the list of the locked, open round what was found eligible since, where its rules let proposals join. Returns how many.

    Each is recorded, and nobody is written to: a voter meets it in the next pair.
    """
    facts = facts_of_round(session, row)
    if not facts.round.ideas or row.opened_at is None or row.counted_at is not None or not facts.is_open(now):
        return 0
    found = ideas_for(session, row)
    for proposal in found:
        _put(session, row, proposal, facts, now, {"kind": EventKind.ROUND_IDEA_ADDED, "actor_id": None, "reason": None})
    return len(found)


def _put(
    session: Session, row: CallRound, proposal: Proposal, facts: RoundFacts, now: datetime, act: Mapping[str, Any]
) -> Candidate:
    version = newest_versions(session, [proposal.id]).get(proposal.id, 1)
    candidate = Candidate(round_id=row.id, proposal_id=proposal.id, version_number=version, added_at=now)
    session.add(candidate)
    session.flush()
    proposal.in_round = True
    before, row.candidates_sha256 = row.candidates_sha256, list_fingerprint(_public_ids(session, row))
    record(
        session,
        now=now,
        organization_id=facts.call.organization.id,
        call_id=facts.call.id,
        proposal_id=proposal.id,
        subject_id=row.id,
        source=None,
        before_sha256=before,
        candidates_sha256=row.candidates_sha256,
        **act,
    )
    return candidate


def _public_ids(session: Session, row: CallRound) -> list[str]:
    return [candidate.proposal.public_id for candidate in candidates_of(session, row.id)]


def strike(session: Session, row: CallRound, proposal_id: int, *, now: datetime) -> None:
    """Strike one candidate of the locked round through; it stays listed and the count runs without it."""
    candidate = session.scalar(
        select(Candidate).where(Candidate.round_id == row.id, Candidate.proposal_id == proposal_id)
    )
    if candidate is not None and candidate.struck_at is None:
        candidate.struck_at = now
        row.counted_at = None
        row.strikes += 1


def strike_left(session: Session, row: CallRound, *, now: datetime) -> bool:
    """Strike candidates of the locked round that were withdrawn or disqualified, and restore those that came back.

    Returns whether anything changed; a round already counted waits for another count then.
    """
    candidates = session.scalars(
        select(Candidate)
        .join(Candidate.proposal)
        .where(Candidate.round_id == row.id, or_(Candidate.struck_at.is_not(None), Proposal.status.in_(LEFT)))
        .options(contains_eager(Candidate.proposal))
    ).all()
    changed = [c for c in candidates if (c.struck_at is None) == (c.proposal.status in LEFT)]
    for candidate in changed:
        candidate.struck_at = now if candidate.struck_at is None else None
    if changed:
        row.counted_at = None
        row.strikes += 1
    return bool(changed)
