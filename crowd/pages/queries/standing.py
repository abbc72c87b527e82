"""What a person has to do with a call, in two queries whatever the stage."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, literal, select
from sqlalchemy.orm import Session

from crowd.conversation.models import Comment
from crowd.core.actor import NOBODY, STAFF, Actor
from crowd.core.next_act import Standing
from crowd.core.rules import RoundKind
from crowd.core.status import LEFT, AssignmentStatus, JurorStatus, ModerationState, ProposalStatus
from crowd.core.subjects import CallFacts
from crowd.proposals.models import Proposal
from crowd.proposals.queries import Near, count_visible, near_proposals, staked_ids
from crowd.reviews.models import Assignment, Juror
from crowd.rounds.gates import round_facts, rounds_of
from crowd.rounds.models import CallRound
from crowd.voting.models import Voter

CALL = bindparam("call", type_=Integer)
PERSON = bindparam("person", type_=Integer)
OPEN_ROUNDS = bindparam("open_rounds", type_=Integer, expanding=True)


@dataclass(frozen=True)
class CallCounts:
    """What stands on the tabs: only what this person may see."""

    statuses: Counter[ProposalStatus] = field(default_factory=Counter)
    comments: int = 0
    to_screen: int = 0
    reviews_left: int = 0
    is_juror: bool = False

    @property
    def proposals(self) -> int:
        return self.statuses.total()


def standing_of(session: Session, call: CallFacts, actor: Actor, now: datetime) -> tuple[Standing, CallCounts]:
    """The person's standing and the counts of the tabs."""
    rounds = tuple(round_facts(row, call) for row in rounds_of(session, call.id))
    open_ids = [facts.id for facts in rounds if facts.is_open(now)]
    person = actor.account_id or NOBODY
    staffs = actor.roles.get(call.organization.id) in STAFF
    counts = session.execute(
        _counts(staffs=staffs),
        {"call": call.id, "person": person, "open_rounds": open_ids},
    ).one()
    near = near_proposals(session, call.id, actor)
    statuses = count_visible(session, call, actor, now, near)
    to_screen = statuses[ProposalStatus.SUBMITTED] - counts.staked if staffs else 0
    draft, handed_in = _own_proposals(near)
    standing = Standing(
        actor=actor,
        call=call,
        rounds=rounds,
        draft=draft,
        handed_in=handed_in,
        has_ballot=counts.ballots > 0,
        reviews_left=counts.reviews_left,
        to_screen=to_screen,
    )
    return standing, CallCounts(statuses, counts.comments, to_screen, counts.reviews_left, counts.juries > 0)


@cache
def _counts(*, staffs: bool) -> Select[Any]:
    """All counts as one row. Built once: asked on every page of a call."""
    return select(
        _count(
            Comment.id,
            Comment.call_id == CALL,
            Comment.proposal_id.is_(None),
            Comment.moderation == ModerationState.VISIBLE,
            Comment.deleted_at.is_(None),
        ).label("comments"),
        (_staked() if staffs else literal(0)).label("staked"),
        _ballots().label("ballots"),
        _reviews_left().label("reviews_left"),
        _juries().label("juries"),
    )


def _count(column: Any, *where: ColumnElement[bool]) -> Any:
    return select(func.count(column)).where(*where).scalar_subquery()


def _staked() -> Any:
    """Waiting for screening, but the person has a stake in it."""
    mine = staked_ids(PERSON).subquery()
    waiting = (Proposal.call_id == CALL, Proposal.status == ProposalStatus.SUBMITTED)
    return (
        select(func.count(Proposal.id)).join(mine, mine.c.proposal_id == Proposal.id).where(*waiting).scalar_subquery()
    )


def _ballots() -> Any:
    return _count(Voter.id, Voter.round_id.in_(OPEN_ROUNDS), Voter.account_id == PERSON, Voter.cast_at.is_not(None))


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


def _own_proposals(near: Iterable[Near]) -> tuple[str | None, str | None]:
    """Public ids of the person's newest draft and newest handed-in proposal in this call."""
    own = [each for each in near if each.own]
    drafts = [each.public_id for each in own if each.status is ProposalStatus.DRAFT]
    running = [each.public_id for each in own if each.status not in LEFT | {ProposalStatus.DRAFT}]
    others = [each.public_id for each in own if each.status in LEFT]
    return next(iter(drafts), None), next(iter(running + others), None)
