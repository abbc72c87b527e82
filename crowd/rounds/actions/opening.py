"""Opening a round: its candidate list is frozen, recorded and fingerprinted.

A round over the whole field opens by itself once its stage has come: when somebody looks, and by a job each minute. A round
over the best of an earlier one, or over gates, needs a list that a manager confirmed; confirmed ahead of time, it opens by the
clock like the others.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.actions import close_to_latecomers
from crowd.core.actor import Actor
from crowd.core.errors import IllegalMove, InvalidInput
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.pipeline import Move
from crowd.core.receipt import sha256_of
from crowd.core.rules import FieldKind
from crowd.core.status import IN_THE_RUNNING, CallStatus
from crowd.core.subjects import CallFacts, RoundFacts
from crowd.proposals.actions import apply_move
from crowd.proposals.models import Proposal
from crowd.proposals.queries import newest_versions
from crowd.rounds.gates import facts_of_round
from crowd.rounds.models import CallRound, Candidate
from crowd.rounds.queries import UNSCREENED, candidates_of, field_of_all
from crowd.store.db import transaction
from crowd.store.events import record
from crowd.web.access import Found, require

ENTERED_UNSCREENED = "entered_unscreened"
"""Reason code in the trace of a proposal that became eligible because nobody screened it in time."""


def is_due(row: CallRound, facts: RoundFacts, now: datetime) -> bool:
    """The round can open now without anybody's doing."""
    stage = facts.stage()
    begun = stage is not None and stage.opens_at <= facts.call.clock(now)
    listed = row.confirmed_at is not None or facts.round.field.kind is FieldKind.ALL
    return row.opened_at is None and facts.call.status is CallStatus.PUBLISHED and begun and listed


def ensure_opened(found: Found[CallRound], now: datetime) -> Found[CallRound]:
    """Open the round if it is due, in a transaction of its own. Returns it as it stands then."""
    if not is_due(found.row, found.facts, now):
        return found
    with transaction(found.row) as session:
        open_due(session, found.row, now)
        facts = facts_of_round(session, found.row)
    return Found(found.row, facts)


def open_due(session: Session, row: CallRound, now: datetime) -> bool:
    """Open the locked round if it is due."""
    facts = facts_of_round(session, row)
    if not is_due(row, facts, now):
        return False
    close_to_latecomers(session, row.call_id, now)
    if row.confirmed_at is None:
        _freeze(session, row, _whole_field(session, facts.call, now), now)
    _open(session, row, facts.call, None, now)
    return True


def open_round(
    session: Session, row: CallRound, proposal_ids: Collection[int] | None, *, actor: Actor, now: datetime
) -> bool:
    """Confirm the candidate list of the locked round (None: the whole field), and open it if its stage has come.

    Returns whether it is open now. Raises IllegalMove when the list is frozen already, InvalidInput `not_in_the_running`
    for a proposal that is not of this call or no longer stands.
    """
    facts = facts_of_round(session, row)
    require(actor, Permission.ROUND_MANAGE, facts, now)
    if row.opened_at is not None or row.confirmed_at is not None:
        raise IllegalMove("open", "opened")
    close_to_latecomers(session, row.call_id, now)
    stage = facts.stage()
    begun = stage is not None and stage.opens_at <= facts.call.clock(now)
    if proposal_ids is None:
        chosen = _whole_field(session, facts.call, now)
    else:
        chosen = _running(session, facts.call.id, proposal_ids)
    row.confirmed_at, row.confirmed_by_id = now, actor.account_id
    _freeze(session, row, chosen, now)
    if begun and facts.call.status is CallStatus.PUBLISHED:
        _open(session, row, facts.call, actor.account_id, now)
    return row.opened_at is not None


def _running(session: Session, call_id: int, proposal_ids: Collection[int]) -> Sequence[Proposal]:
    chosen = session.scalars(
        select(Proposal)
        .where(Proposal.id.in_(proposal_ids), Proposal.call_id == call_id, Proposal.status.in_(IN_THE_RUNNING))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if len(chosen) != len(set(proposal_ids)):
        raise InvalidInput("not_in_the_running")
    return chosen


def _whole_field(session: Session, call: CallFacts, now: datetime) -> Sequence[Proposal]:
    """The whole field; the unscreened ones among it become eligible, as the call's rules say."""
    field = field_of_all(session, call.id, call.rules)
    for proposal in field:
        if proposal.status in UNSCREENED:
            apply_move(session, proposal, Move.FIND_ELIGIBLE, actor_id=None, now=now, reason=ENTERED_UNSCREENED)
    return field


def _freeze(session: Session, row: CallRound, proposals: Sequence[Proposal], now: datetime) -> None:
    versions = newest_versions(session, [proposal.id for proposal in proposals])
    session.add_all(
        Candidate(round_id=row.id, proposal_id=p.id, version_number=versions.get(p.id, 1), added_at=now)
        for p in proposals
    )
    row.candidates_sha256 = list_fingerprint(proposal.public_id for proposal in proposals)


def list_fingerprint(public_ids: Iterable[str]) -> str:
    """SHA-256 of the candidates' public ids, sorted, as canonical JSON: anybody can compute it from the page."""
    return sha256_of(sorted(public_ids))


def _open(session: Session, row: CallRound, call: CallFacts, actor_id: int | None, now: datetime) -> None:
    session.flush()
    candidates = candidates_of(session, row.id)
    for candidate in candidates:
        candidate.proposal.in_round = True
    row.opened_at = now
    record(
        session,
        EventKind.ROUND_OPENED,
        now=now,
        actor_id=actor_id,
        organization_id=call.organization.id,
        call_id=call.id,
        subject_id=row.id,
        candidates=len(candidates),
        candidates_sha256=row.candidates_sha256,
    )
