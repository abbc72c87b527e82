"""A juror's own work: the queue, and which proposal comes next."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from crowd.core.status import LEFT, AssignmentStatus, JurorStatus
from crowd.proposals.gates import stakes_in
from crowd.proposals.models import Proposal, TeamMember
from crowd.reviews.models import Assignment, Conflict, Juror, Review, waits_and_blocks
from crowd.reviews.queries.panel import discussions_of
from crowd.rounds.models import Candidate


@dataclass(frozen=True)
class WorkItem:
    """`left`: the proposal was withdrawn or disqualified meanwhile; there is nothing to review any more.

    `discussed`: the juror's own review is in, and the panel was called together over it.
    """

    assignment: Assignment
    left: bool
    discussed: bool = False

    @property
    def open(self) -> bool:
        return not self.left and self.assignment.status is AssignmentStatus.ASSIGNED


@dataclass(frozen=True)
class Queue:
    """`items` in the order of work: fewest reviews first, skipped ones last."""

    items: list[WorkItem]

    @property
    def running(self) -> list[WorkItem]:
        return [item for item in self.items if not item.left]

    @property
    def done(self) -> int:
        return sum(item.assignment.status is AssignmentStatus.SUBMITTED for item in self.running)

    @property
    def open(self) -> list[WorkItem]:
        return [item for item in self.items if item.open]


def queue_of(session: Session, juror: Juror) -> Queue:
    """What is assigned to the juror and neither recused nor taken back, without proposals in which the juror has a stake."""
    rows = session.scalars(
        _in_order(juror).options(
            joinedload(Assignment.proposal).joinedload(Proposal.lead), joinedload(Assignment.review)
        )
    ).all()
    stakes = stakes_in(session, [row.proposal_id for row in rows])
    held = set(
        session.scalars(
            select(Conflict.proposal_id).where(Conflict.juror_id == juror.id, waits_and_blocks(Conflict.round_id))
        )
    )
    discussed = discussions_of(session, juror.round_id)
    return Queue(
        [
            WorkItem(
                row,
                row.proposal.status in LEFT,
                row.status is AssignmentStatus.SUBMITTED and row.proposal_id in discussed,
            )
            for row in rows
            if row.proposal_id not in held and not stakes.has(row.proposal_id, juror.account_id, juror.addresses)
        ]
    )


def next_open(queue: Queue, current: int | None = None) -> Assignment | None:
    """The next open work other than `current`."""
    return next((item.assignment for item in queue.open if item.assignment.id != current), None)


def _in_order(juror: Juror) -> Select[Assignment]:
    """Skipped ones last, then fewest reviews handed in so far, then as assigned; the viewer's own reviews count for none."""
    other = aliased(Assignment)
    handed_in = (
        select(func.count(other.id))
        .where(
            other.round_id == juror.round_id,
            other.proposal_id == Assignment.proposal_id,
            other.juror_id != juror.id,
            other.status == AssignmentStatus.SUBMITTED,
        )
        .correlate(Assignment)
        .scalar_subquery()
    )
    return (
        select(Assignment)
        .where(
            Assignment.juror_id == juror.id,
            Assignment.status.in_([AssignmentStatus.ASSIGNED, AssignmentStatus.SUBMITTED]),
        )
        .order_by(Assignment.skipped_at.is_not(None), Assignment.skipped_at, handed_in, Assignment.id)
    )


def juror_of_account(session: Session, round_id: int, account_id: int) -> Juror | None:
    """The account's own place on the jury of a round."""
    return session.scalar(
        select(Juror)
        .where(Juror.round_id == round_id, Juror.account_id == account_id, Juror.status == JurorStatus.ACCEPTED)
        .options(joinedload(Juror.account))
    )


def candidates_for(session: Session, round_id: int, without: Collection[int] = ()) -> list[Proposal]:
    """The candidates still in the running, with their teams, by number; `without`: ids of those the viewer may not see."""
    return list(
        session.scalars(
            select(Proposal)
            .join(Candidate, Candidate.proposal_id == Proposal.id)
            .where(
                Candidate.round_id == round_id,
                Candidate.struck_at.is_(None),
                Proposal.status.not_in(LEFT),
                Proposal.id.not_in(without),
            )
            .order_by(Proposal.number, Proposal.id)
            .options(joinedload(Proposal.lead), selectinload(Proposal.team).joinedload(TeamMember.account))
        )
    )


def review_of(session: Session, assignment_id: int) -> Review | None:
    return session.scalar(
        select(Review).where(Review.assignment_id == assignment_id).options(selectinload(Review.scores))
    )


def stakes_of_juror(session: Session, juror: Juror, proposal_ids: list[int]) -> set[int]:
    """Those proposals in which the juror has a stake, declared or found."""
    stakes = stakes_in(session, proposal_ids)
    return {id_ for id_ in proposal_ids if stakes.has(id_, juror.account_id, juror.addresses)}
