"""What a person has to do with a call, in two queries whatever the stage."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, literal, select
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
from crowd.proposals.queries import viewer, visible_to_viewer
from crowd.reviews.models import Assignment, Juror
from crowd.rounds.gates import round_facts, rounds_of
from crowd.rounds.models import CallRound
from crowd.voting.models import Ballot

CALL = bindparam("call", type_=Integer)
PERSON = bindparam("person", type_=Integer)
OPEN_ROUNDS = bindparam("open_rounds", type_=Integer, expanding=True)
NOBODY = -1  # no account has this id: visitors ask the same statement
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
    person = actor.account_id or NOBODY
    counts = session.execute(
        _counts(staffs=actor.roles.get(call.organization.id) in STAFF),
        {"call": call.id, "person": person, "open_rounds": open_ids, **viewer(actor, now)},
    ).one()
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


@cache
def _counts(*, staffs: bool) -> Select[Any]:
    """All counts as one row. Built once: asked on every page of a call."""
    return select(
        _visible_proposals().label("proposals"),
        _count(
            Comment.id,
            Comment.call_id == CALL,
            Comment.proposal_id.is_(None),
            Comment.moderation == ModerationState.VISIBLE,
            Comment.deleted_at.is_(None),
        ).label("comments"),
        (_to_screen() if staffs else literal(0)).label("to_screen"),
        _ballots().label("ballots"),
        _reviews_left().label("reviews_left"),
        _juries().label("juries"),
    )


def _count(column: Any, *where: ColumnElement[bool]) -> Any:
    return select(func.count(column)).where(*where).scalar_subquery()


def _visible_proposals() -> Any:
    return (
        select(func.count(Proposal.id))
        .join(Call, Call.id == Proposal.call_id)
        .join(Organization, Organization.id == Call.organization_id)
        .where(Call.id == CALL, visible_to_viewer(), Proposal.status != ProposalStatus.DRAFT)
        .scalar_subquery()
    )


def _to_screen() -> Any:
    """Waiting for screening, without those in which the person has a stake."""
    team = select(TeamMember.proposal_id).where(
        TeamMember.account_id == PERSON, TeamMember.status.in_([MemberStatus.ACCEPTED, MemberStatus.PENDING])
    )
    conflicts = select(Exclusion.proposal_id).where(Exclusion.account_id == PERSON)
    return _count(
        Proposal.id,
        Proposal.call_id == CALL,
        Proposal.status == ProposalStatus.SUBMITTED,
        Proposal.id.not_in(team),
        Proposal.id.not_in(conflicts),
    )


def _ballots() -> Any:
    return _count(Ballot.id, Ballot.round_id.in_(OPEN_ROUNDS), Ballot.account_id == PERSON, Ballot.cast_at.is_not(None))


def _reviews_left() -> Any:
    return (
        select(func.count(Assignment.id))
        .join(Juror, Juror.id == Assignment.juror_id)
        .where(
            Assignment.round_id.in_(OPEN_ROUNDS),
            Assignment.status == AssignmentStatus.ASSIGNED,
            Juror.account_id == PERSON,
            Juror.status == JurorStatus.ACCEPTED,
        )
        .scalar_subquery()
    )


def _juries() -> Any:
    return (
        select(func.count(Juror.id))
        .join(CallRound, CallRound.id == Juror.round_id)
        .where(
            CallRound.call_id == CALL,
            CallRound.kind == RoundKind.REVIEW,
            Juror.account_id == PERSON,
            Juror.status == JurorStatus.ACCEPTED,
        )
        .scalar_subquery()
    )


def _own_proposals(session: Session, call_id: int, actor: Actor) -> tuple[str | None, str | None]:
    """Public ids of the person's newest draft and newest handed-in proposal in this call."""
    if actor.account_id is None:
        return None, None
    rows = session.execute(_own(), {"call": call_id, "person": actor.account_id}).all()
    drafts = [key for key, status in rows if status is ProposalStatus.DRAFT]
    running = [key for key, status in rows if status not in LEFT | {ProposalStatus.DRAFT}]
    others = [key for key, status in rows if status in LEFT]
    return next(iter(drafts), None), next(iter(running + others), None)


@cache
def _own() -> Select[str, ProposalStatus]:
    return (
        select(Proposal.public_id, Proposal.status)
        .join(TeamMember, TeamMember.proposal_id == Proposal.id)
        .where(
            Proposal.call_id == CALL,
            TeamMember.account_id == PERSON,
            TeamMember.status == MemberStatus.ACCEPTED,
        )
        .order_by(Proposal.id.desc())
    )
