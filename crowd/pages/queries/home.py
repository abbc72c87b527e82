"""What the start page tells: open calls, results as stories, and one's own proposals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from crowd.calls.models import Call, CallStage
from crowd.core.actor import MANAGERS, Actor
from crowd.core.rules import Audience
from crowd.core.status import CallStatus, MemberStatus, OrganizationStatus, ProposalStatus, StageKind
from crowd.organizations.models import Organization
from crowd.pages.queries.desk import open_stage
from crowd.proposals.models import Proposal, TeamMember

MOST_CALLS = 6
MOST_STORIES = 3
MOST_MINE = 12


@dataclass(frozen=True)
class Story:
    """A published result in numbers."""

    call: Call
    handed_in: int
    selected: int


def list_open_calls(session: Session, now: datetime) -> Sequence[Call]:
    """Public calls that take proposals now, the nearest deadline first; stages and organization loaded."""
    return session.scalars(
        select(Call)
        .join(Call.organization)
        .join(CallStage, CallStage.call_id == Call.id)
        .where(
            open_stage(StageKind.SUBMISSION, now),
            Call.audience == Audience.PUBLIC,
            Organization.status == OrganizationStatus.APPROVED,
        )
        .order_by(CallStage.closes_at, Call.id)
        .limit(MOST_CALLS)
        .options(contains_eager(Call.organization), selectinload(Call.stages))
    ).all()


def list_stories(session: Session) -> list[Story]:
    """The newest published results of public calls."""
    selected = (
        select(func.count())
        .where(Proposal.call_id == Call.id, Proposal.status == ProposalStatus.SELECTED)
        .correlate(Call)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Call, Call.proposals_count, selected)
        .join(Call.organization)
        .where(
            Call.results_published_at.is_not(None),
            Call.audience == Audience.PUBLIC,
            Call.status == CallStatus.PUBLISHED,
            Organization.status == OrganizationStatus.APPROVED,
        )
        .order_by(Call.results_published_at.desc(), Call.id.desc())
        .limit(MOST_STORIES)
        .options(contains_eager(Call.organization))
    )
    return [Story(call, handed_in, chosen) for call, handed_in, chosen in rows]


def list_my_proposals(session: Session, actor: Actor) -> Sequence[Proposal]:
    """The person's own proposals with their calls, the newest change first."""
    mine = select(TeamMember.proposal_id).where(
        TeamMember.account_id == actor.account_id, TeamMember.status == MemberStatus.ACCEPTED
    )
    return session.scalars(
        select(Proposal)
        .join(Proposal.call)
        .where(Proposal.id.in_(mine))
        .order_by(Proposal.edited_at.desc(), Proposal.id.desc())
        .limit(MOST_MINE)
        .options(contains_eager(Proposal.call))
    ).all()


def list_my_calls(session: Session, actor: Actor) -> Sequence[Call]:
    """Calls of the organizations that the person manages, drafts included, the newest edit first."""
    return session.scalars(
        select(Call)
        .join(Call.organization)
        .where(Call.organization_id.in_(actor.organizations(MANAGERS)), Call.status != CallStatus.CANCELLED)
        .where(Call.is_rehearsal.is_(False))
        .order_by(Call.edited_at.desc(), Call.id.desc())
        .limit(MOST_MINE)
        .options(contains_eager(Call.organization), selectinload(Call.stages))
    ).all()
