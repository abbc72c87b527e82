"""Objections of a call, and how firm its result is."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, distinct, exists, func, literal, or_, select
from sqlalchemy.orm import Session, joinedload

from crowd.calls.models import Call
from crowd.core.actor import MANAGERS, Actor
from crowd.core.objections import DECIDED_ANEW, Finality, Window, finality, window_of
from crowd.core.status import ObjectionStatus, ProposalStatus
from crowd.core.subjects import CallFacts
from crowd.objections.models import Objection
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal
from crowd.proposals.queries import visible_to
from crowd.selection.models import Correction, Verdict


def counts_of(session: Session, call_id: int) -> Mapping[ObjectionStatus, int]:
    rows = session.execute(
        select(Objection.status, func.count()).where(Objection.call_id == call_id).group_by(Objection.status)
    )
    return {status: number for status, number in rows}  # noqa: C416 (rows are not pairs to the type checker)


def state_of(session: Session, call: Call, facts: CallFacts, now: datetime) -> tuple[Finality, Window | None]:
    """How firm the published result of a call is."""
    window = window_of(facts.schedule, call.results_published_at)
    waiting = counts_of(session, call.id).get(ObjectionStatus.OPEN, 0) if window else 0
    return finality(window, waiting, facts.clock(now)), window


def count_corrected(session: Session, call_id: int) -> int:
    """How many proposals have another outcome or reason, by correction, than was published first."""
    kept = select(func.count(distinct(Correction.proposal_id))).where(Correction.call_id == call_id)
    return session.scalar(kept.where(Correction.kind.in_(("outcome", "reason")))) or 0


def list_objections(session: Session, call_id: int) -> Sequence[Objection]:
    """All of a call, those that wait first, the newest first; withdrawn ones are left out."""
    waiting = Objection.status == ObjectionStatus.OPEN
    return session.scalars(
        select(Objection)
        .where(Objection.call_id == call_id, Objection.status != ObjectionStatus.WITHDRAWN)
        .options(joinedload(Objection.proposal), joinedload(Objection.author), joinedload(Objection.answered_by))
        .order_by(waiting.desc(), Objection.id.desc())
    ).all()


def visible_ids(session: Session, call_id: int, actor: Actor, now: datetime) -> frozenset[int]:
    """Proposals of the call that this person may read."""
    return frozenset(
        session.scalars(
            select(Proposal.id)
            .join(Call, Call.id == Proposal.call_id)
            .join(Organization, Organization.id == Call.organization_id)
            .where(Proposal.call_id == call_id, Proposal.status != ProposalStatus.DRAFT, visible_to(actor, now))
        )
    )


def objectable(session: Session, call_id: int, actor: Actor, now: datetime) -> Sequence[Proposal]:
    """What an objection may be about, by number: the proposals this person may read."""
    ids = visible_ids(session, call_id, actor, now)
    return session.scalars(select(Proposal).where(Proposal.id.in_(ids)).order_by(Proposal.number, Proposal.id)).all()


def unanswered_for(actor: Actor) -> Select[str, str, int, datetime | None]:
    """Title and public id of calls with the number of open objections that this manager did not decide about, and no date."""
    decided = exists().where(
        Verdict.proposal_id == Objection.proposal_id,
        or_(Verdict.decided_by_id == actor.account_id, Verdict.confirmed_by_id == actor.account_id),
    )
    corrected = exists().where(
        Correction.proposal_id == Objection.proposal_id,
        Correction.by_id == actor.account_id,
        Correction.kind.in_(DECIDED_ANEW),
    )
    return (
        select(Call.title, Call.public_id, func.count(Objection.id), literal(None))
        .join(Objection, Objection.call_id == Call.id)
        .where(
            Call.organization_id.in_(actor.organizations(MANAGERS)),
            Call.is_rehearsal.is_(False),
            Objection.status == ObjectionStatus.OPEN,
            Objection.author_id.is_distinct_from(actor.account_id),
            ~decided,
            ~corrected,
        )
        .group_by(Call.id, Call.title, Call.public_id)
    )
