"""What a person has to do with a call, in two queries whatever the stage."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.conversation.models import Comment
from crowd.core.actor import STAFF, Actor
from crowd.core.next_act import Standing
from crowd.core.rules import RoundKind
from crowd.core.status import AssignmentStatus, JurorStatus, MemberStatus, ModerationState, ProposalStatus
from crowd.core.subjects import CallFacts
from crowd.organizations.models import Organization
from crowd.proposals.models import Exclusion, Proposal, TeamMember
from crowd.proposals.queries import visible_to
from crowd.reviews.models import Assignment, Juror
from crowd.rounds.gates import round_facts, rounds_of
from crowd.rounds.models import CallRound
from crowd.voting.models import Ballot

LEFT = frozenset({ProposalStatus.WITHDRAWN, ProposalStatus.INELIGIBLE})


@dataclass(frozen=True)
class CallCounts:
    """What stands on the tabs: only what this person may see."""

    proposals: int = 0
    comments: int = 0
    to_screen: int = 0
    reviews_left: int = 0
    is_juror: bool = False


def standing_of(session: Session, call: CallFacts, actor: Actor, now: datetime) -> tuple[Standing, CallCounts]:
    """The person's standing and the counts of the tabs."""
    rounds = tuple(round_facts(row, call) for row in rounds_of(session, call.id))
    open_ids = [facts.id for facts in rounds if facts.is_open(now)]
    counts = session.execute(_counts(call, actor, open_ids, now)).one()
    draft, handed_in = _own_proposals(session, call.id, actor)
    standing = Standing(
        actor=actor,
        call=call,
        rounds=rounds,
        draft=draft,
        handed_in=handed_in,
        has_ballot=counts.ballots > 0,
        reviews_left=counts.reviews_left,
        to_screen=counts.to_screen,
    )
    return standing, CallCounts(
        counts.proposals, counts.comments, counts.to_screen, counts.reviews_left, counts.juries > 0
    )


def _counts(call: CallFacts, actor: Actor, open_ids: list[int], now: datetime) -> Select[Any]:
    """All counts as one row. Ids compared with -1 find nothing, so that visitors ask the same statement."""
    account_id = actor.account_id or -1
    staffs = actor.roles.get(call.organization.id) in STAFF
    return select(
        _visible_proposals(call.id, actor, now).label("proposals"),
        _count(
            Comment.id,
            Comment.call_id == call.id,
            Comment.proposal_id.is_(None),
            Comment.moderation == ModerationState.VISIBLE,
            Comment.deleted_at.is_(None),
        ).label("comments"),
        (_to_screen(call.id, account_id) if staffs else _count(Proposal.id, Proposal.id == -1)).label("to_screen"),
        _ballots(open_ids, account_id).label("ballots"),
        _reviews_left(open_ids, account_id).label("reviews_left"),
        _juries(call.id, account_id).label("juries"),
    )


def _count(column: Any, *where: ColumnElement[bool]) -> Any:
    return select(func.count(column)).where(*where).scalar_subquery()


def _visible_proposals(call_id: int, actor: Actor, now: datetime) -> Any:
    return (
        select(func.count(Proposal.id))
        .join(Call, Call.id == Proposal.call_id)
        .join(Organization, Organization.id == Call.organization_id)
        .where(Call.id == call_id, visible_to(actor, now), Proposal.status != ProposalStatus.DRAFT)
        .scalar_subquery()
    )


def _to_screen(call_id: int, account_id: int) -> Any:
    """Waiting for screening, without those in which the person has a stake."""
    team = select(TeamMember.proposal_id).where(
        TeamMember.account_id == account_id, TeamMember.status.in_([MemberStatus.ACCEPTED, MemberStatus.PENDING])
    )
    conflicts = select(Exclusion.proposal_id).where(Exclusion.account_id == account_id)
    return _count(
        Proposal.id,
        Proposal.call_id == call_id,
        Proposal.status == ProposalStatus.SUBMITTED,
        Proposal.id.not_in(team),
        Proposal.id.not_in(conflicts),
    )


def _ballots(open_ids: list[int], account_id: int) -> Any:
    return _count(
        Ballot.id, Ballot.round_id.in_(open_ids), Ballot.account_id == account_id, Ballot.cast_at.is_not(None)
    )


def _reviews_left(open_ids: list[int], account_id: int) -> Any:
    return (
        select(func.count(Assignment.id))
        .join(Juror, Juror.id == Assignment.juror_id)
        .where(
            Assignment.round_id.in_(open_ids),
            Assignment.status == AssignmentStatus.ASSIGNED,
            Juror.account_id == account_id,
            Juror.status == JurorStatus.ACCEPTED,
        )
        .scalar_subquery()
    )


def _juries(call_id: int, account_id: int) -> Any:
    return (
        select(func.count(Juror.id))
        .join(CallRound, CallRound.id == Juror.round_id)
        .where(
            CallRound.call_id == call_id,
            CallRound.kind == RoundKind.REVIEW,
            Juror.account_id == account_id,
            Juror.status == JurorStatus.ACCEPTED,
        )
        .scalar_subquery()
    )


def _own_proposals(session: Session, call_id: int, actor: Actor) -> tuple[str | None, str | None]:
    """Public ids of the person's newest draft and newest handed-in proposal in this call."""
    if actor.account_id is None:
        return None, None
    rows = session.execute(
        select(Proposal.public_id, Proposal.status)
        .join(TeamMember, TeamMember.proposal_id == Proposal.id)
        .where(
            Proposal.call_id == call_id,
            TeamMember.account_id == actor.account_id,
            TeamMember.status == MemberStatus.ACCEPTED,
        )
        .order_by(Proposal.id.desc())
    ).all()
    drafts = [key for key, status in rows if status is ProposalStatus.DRAFT]
    running = [key for key, status in rows if status not in LEFT | {ProposalStatus.DRAFT}]
    others = [key for key, status in rows if status in LEFT]
    return next(iter(drafts), None), next(iter(running + others), None)
