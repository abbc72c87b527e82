"""What waits for the signed-in person: one query for each kind, whatever the number of rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, distinct, exists, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from crowd.calls.models import Call, CallStage
from crowd.core.actor import MANAGERS, STAFF, Actor
from crowd.core.rules import Audience, RoundKind
from crowd.core.status import (
    AssignmentStatus,
    CallStatus,
    JurorStatus,
    MemberStatus,
    OrganizationStatus,
    ProposalStatus,
    StageKind,
)
from crowd.followups.queries import overdue_milestones
from crowd.moderation.models import Report
from crowd.objections.queries import unanswered_for
from crowd.organizations.models import Organization
from crowd.pages.queries.consents import calls_asking_consent
from crowd.pages.queries.questions import open_questions
from crowd.proposals.models import Proposal, TeamMember
from crowd.reviews.models import Assignment, Juror
from crowd.rounds.models import CallRound
from crowd.selection.models import Verdict
from crowd.selection.queries.standing_in import waiting_for_chairs
from crowd.selection.queries.waiting import undecided, wants_verdict
from crowd.voting.models import Voter

MOST = 5


@dataclass(frozen=True)
class Need:
    """One line of "needs you now": `kind` names its sentence, `title` what it is about, `due` when it is too late."""

    kind: str
    title: str
    public_id: str
    count: int = 1
    due: datetime | None = None


def open_stage(kind: StageKind, now: datetime) -> ColumnElement[bool]:
    """For statements that join Call to CallStage: a stage of this kind is open and the call runs."""
    return and_(
        Call.status == CallStatus.PUBLISHED,
        Call.is_rehearsal.is_(False),
        CallStage.kind == kind,
        CallStage.opens_at <= now,
        or_(CallStage.closes_at.is_(None), CallStage.closes_at > now),
    )


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """All that needs this person, the most pressing first."""
    needs = [
        *_drafts(session, actor, now),
        *_asked_back(session, actor, now),
        *_questions(session, actor, now),
        *_team_invitations(session, actor),
        *_ballots(session, actor, now),
        *_reviews(session, actor, now),
        *_of_staff(session, actor, now),
        *_decisions(session, actor, now),
        *_chaired(session, actor, now),
        *_reported(session, actor),
        *_rows(session, "objection", unanswered_for(actor)),
        *_waiting_organizations(session, actor),
    ]
    return sorted(needs, key=lambda need: (need.due is None, need.due or now))


def count_needs(session: Session, actor: Actor, now: datetime) -> int:
    """The badge in the layout: corrections, reviews and screening, which block others."""
    corrections = _rows(session, "correction", _corrections(actor, now).order_by("due"))
    blocking = (*corrections, *_reviews(session, actor, now))
    return sum(need.count for need in blocking)


def _rows(session: Session, kind: str, statement: Select[str, str, int, datetime | None]) -> Iterator[Need]:
    for title, public_id, count, due in session.execute(statement.limit(MOST)):
        yield Need(kind, title, public_id, count, due)


def _drafts(session: Session, actor: Actor, now: datetime) -> Iterator[Need]:
    mine = (
        select(Proposal.title, Proposal.public_id, literal(1), CallStage.closes_at)
        .join(Call, Proposal.call_id == Call.id)
        .join(CallStage, CallStage.call_id == Call.id)
        .where(
            Proposal.lead_id == actor.account_id,
            Proposal.status == ProposalStatus.DRAFT,
            open_stage(StageKind.SUBMISSION, now),
        )
        .order_by(CallStage.closes_at)
    )
    return _rows(session, "draft", mine)


def _corrections(actor: Actor, now: datetime) -> Select[str, str, int, datetime | None]:
    return select(Proposal.title, Proposal.public_id, literal(1), Proposal.correction_due.label("due")).where(
        Proposal.id.in_(_my_proposals(actor)),
        Proposal.status == ProposalStatus.CORRECTION,
        Proposal.correction_due > now,
    )


def _asked_back(session: Session, actor: Actor, now: datetime) -> Iterator[Need]:
    """Corrections and consents, both asked of those who handed in: one question."""
    corrections = _corrections(actor, now).add_columns(literal("correction"))
    consents = calls_asking_consent(actor, now).add_columns(literal("consent"))
    for title, public_id, count, due, kind in session.execute(
        union_all(corrections, consents).order_by("due").limit(2 * MOST)
    ):
        yield Need(kind, title, public_id, count, due)


def _questions(session: Session, actor: Actor, now: datetime) -> Iterator[Need]:
    for proposal, count, due in open_questions(session, actor, now):
        yield Need("questions", proposal.title, proposal.public_id, count, due)


def _my_proposals(actor: Actor) -> Select[int]:
    return select(TeamMember.proposal_id).where(
        TeamMember.account_id == actor.account_id, TeamMember.status == MemberStatus.ACCEPTED
    )


def _team_invitations(session: Session, actor: Actor) -> Iterator[Need]:
    pending = (
        select(Proposal.title, Proposal.public_id, literal(1), Call.submission_closes_at)
        .join(TeamMember, TeamMember.proposal_id == Proposal.id)
        .join(Call, Proposal.call_id == Call.id)
        .where(
            TeamMember.account_id == actor.account_id,
            TeamMember.status == MemberStatus.PENDING,
            TeamMember.invited_at.is_not(None),
            Call.results_published_at.is_(None),
        )
    )
    return _rows(session, "team_invitation", pending)


def _ballots(session: Session, actor: Actor, now: datetime) -> Iterator[Need]:
    if not actor.verified:
        return iter(())
    voted = exists().where(
        Voter.round_id == CallRound.id, Voter.account_id == actor.account_id, Voter.cast_at.is_not(None)
    )
    waiting = (
        select(Call.title, Call.public_id, literal(1), CallStage.closes_at)
        .join(CallStage, CallStage.call_id == Call.id)
        .join(CallRound, and_(CallRound.call_id == Call.id, CallRound.kind == RoundKind.VOTE))
        .join(Organization, Call.organization_id == Organization.id)
        .where(
            open_stage(StageKind.VOTING, now),
            CallRound.opened_at.is_not(None),
            CallRound.opened_at >= CallStage.opens_at,
            Organization.status == OrganizationStatus.APPROVED,
            or_(Call.audience == Audience.PUBLIC, Call.organization_id.in_(actor.organizations())),
            ~voted,
        )
        .order_by(CallStage.closes_at)
    )
    return _rows(session, "ballot", waiting)


def _reviews(session: Session, actor: Actor, now: datetime) -> Iterator[Need]:
    assigned = (
        select(Call.title, Call.public_id, func.count(Assignment.id), CallStage.closes_at)
        .join(CallRound, Assignment.round_id == CallRound.id)
        .join(Juror, Assignment.juror_id == Juror.id)
        .join(Call, CallRound.call_id == Call.id)
        .join(CallStage, CallStage.call_id == Call.id)
        .where(
            Juror.account_id == actor.account_id,
            Juror.status == JurorStatus.ACCEPTED,
            Assignment.status == AssignmentStatus.ASSIGNED,
            open_stage(StageKind.REVIEW, now),
        )
        .group_by(Call.id, Call.title, Call.public_id, CallStage.closes_at)
        .order_by(CallStage.closes_at)
    )
    return _rows(session, "review", assigned)


def _of_staff(session: Session, actor: Actor, now: datetime) -> Iterator[Need]:
    """Proposals to screen, and after the results places that fell free and milestones overdue: one question."""
    late = overdue_milestones(actor, now.date())
    waiting: Any = union_all(_screening(actor), _free_places(actor), late).order_by("kind", "public_id")
    for kind, title, public_id, count, due in session.execute(waiting.limit(3 * MOST)):
        yield Need(kind, title, public_id, count, due)


def _screening(actor: Actor) -> Select[str, str, str, int, datetime | None]:
    return (
        select(
            literal("screening").label("kind"),
            Call.title,
            Call.public_id,
            func.count(Proposal.id),
            func.min(Call.next_change_at),
        )
        .join(Proposal, Proposal.call_id == Call.id)
        .where(
            Call.organization_id.in_(actor.organizations(STAFF)),
            Call.status == CallStatus.PUBLISHED,
            Call.is_rehearsal.is_(False),
            Call.results_published_at.is_(None),
            Proposal.status == ProposalStatus.SUBMITTED,
            Proposal.id.not_in(_my_proposals(actor)),
        )
        .group_by(Call.id, Call.title, Call.public_id)
    )


def _free_places(actor: Actor) -> Select[str, str, str, int, datetime | None]:
    return select(literal("free_place"), Call.title, Call.public_id, Call.free_places, null()).where(
        Call.organization_id.in_(actor.organizations(MANAGERS)),
        Call.is_rehearsal.is_(False),
        Call.free_places > 0,
    )


def _decisions(session: Session, actor: Actor, now: datetime) -> Iterator[Need]:
    """What waits for verdicts; once all have theirs, for the publication."""
    due = (
        select(Call.title, Call.public_id, undecided(), func.count(Proposal.id), func.min(CallStage.closes_at))
        .join(CallStage, CallStage.call_id == Call.id)
        .join(Proposal, and_(Proposal.call_id == Call.id, wants_verdict()))
        .outerjoin(Verdict, Verdict.proposal_id == Proposal.id)
        .where(
            Call.organization_id.in_(actor.organizations(MANAGERS)),
            Call.results_published_at.is_(None),
            or_(open_stage(StageKind.SELECTION, now), open_stage(StageKind.RESULTS, now)),
        )
        .group_by(Call.id, Call.title, Call.public_id)
    )
    for title, public_id, left, total, until in session.execute(due.limit(MOST)):
        yield Need("decision" if left else "publish", title, public_id, int(left) or total, until)


def _chaired(session: Session, actor: Actor, now: datetime) -> Iterator[Need]:
    """Proposals that nobody but the chair of a jury may decide."""
    waiting = waiting_for_chairs().where(Juror.account_id == actor.account_id).subquery()
    due = (
        select(Call.title, Call.public_id, func.count(distinct(waiting.c.proposal_id)), func.min(CallStage.closes_at))
        .join(waiting, waiting.c.call_id == Call.id)
        .join(CallStage, CallStage.call_id == Call.id)
        .where(or_(open_stage(StageKind.SELECTION, now), open_stage(StageKind.RESULTS, now)))
        .group_by(Call.id, Call.title, Call.public_id)
    )
    return _rows(session, "chair", due)


def _reported(session: Session, actor: Actor) -> Iterator[Need]:
    waiting = (
        select(Call.title, Call.public_id, func.count(distinct(Report.thing)), literal(None))
        .join(Report, Report.call_id == Call.id)
        .where(
            Call.organization_id.in_(actor.organizations(STAFF)),
            Report.decision.is_(None),
            or_(Report.proposal_id.is_(None), Report.proposal_id.not_in(_my_proposals(actor))),
        )
        .group_by(Call.id, Call.title, Call.public_id)
    )
    return _rows(session, "reported", waiting)


def _waiting_organizations(session: Session, actor: Actor) -> Iterator[Need]:
    if not actor.is_admin:
        return
    waiting = session.scalar(
        select(func.count()).select_from(Organization).where(Organization.status == OrganizationStatus.REQUESTED)
    )
    if waiting:
        yield Need("organizations", "", "", waiting)
