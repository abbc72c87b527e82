"""What the panel said about one proposal: reviews that count, remarks, and scores that were changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crowd.core.rules import Round
from crowd.core.scoring import is_wide, jury_score
from crowd.core.status import AssignmentStatus, JurorStatus
from crowd.proposals.gates import stakes_in
from crowd.reviews.models import Assignment, Discussion, Juror, Remark, Review, ScoreChange
from crowd.reviews.queries.scores import LiveReview, live_reviews, staked


@dataclass(frozen=True)
class Entry:
    """One line of the discussion in time: a remark (`text`) or a changed score (`criterion`, `before`, `after`)."""

    at: datetime
    by: str
    text: str = ""
    criterion: str = ""
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True)
class Panel:
    """`opened_at`: when the discussion opened by itself, because the reviews lay far apart."""

    reviews: list[LiveReview]
    entries: list[Entry]
    opened_at: datetime | None = None


def panel_on(session: Session, round_id: int, proposal_id: int) -> Panel:
    """A few queries, whatever was said."""
    entries = [*_remarks(session, round_id, proposal_id), *_changes(session, round_id, proposal_id)]
    reviews = live_reviews(session, round_id, [proposal_id])
    opened = discussions_of(session, round_id).get(proposal_id)
    return Panel(reviews, sorted(entries, key=lambda entry: entry.at), opened)


def discussions_of(session: Session, round_id: int) -> dict[int, datetime]:
    """Proposal id → when the panel was called together over it."""
    rows = select(Discussion.proposal_id, Discussion.opened_at).where(Discussion.round_id == round_id)
    return dict(iter(session.execute(rows)))


def far_apart(session: Session, round_id: int, rules: Round, proposal_id: int) -> bool:
    """Whether all reviews of a proposal are in, as many as the rules ask for and two at least, and lie far apart."""
    if _is_awaited(session, round_id, proposal_id):
        return False
    reviews = live_reviews(session, round_id, [proposal_id])
    score = jury_score(rules.criteria, [review.scores for review in reviews], max(rules.min_reviews, 2))
    return score.complete and is_wide(rules.criteria, score)


def _is_awaited(session: Session, round_id: int, proposal_id: int) -> bool:
    """Somebody without a stake still has it to review."""
    rows = session.scalars(
        select(Assignment)
        .join(Assignment.juror)
        .where(
            Assignment.round_id == round_id,
            Assignment.proposal_id == proposal_id,
            Assignment.status == AssignmentStatus.ASSIGNED,
            Juror.status.in_([JurorStatus.INVITED, JurorStatus.ACCEPTED]),
        )
        .options(joinedload(Assignment.juror).joinedload(Juror.account))
    ).all()
    stakes = stakes_in(session, [proposal_id])
    return any(not staked(stakes, row) for row in rows)


def _remarks(session: Session, round_id: int, proposal_id: int) -> list[Entry]:
    rows = session.scalars(
        select(Remark)
        .where(Remark.round_id == round_id, Remark.proposal_id == proposal_id)
        .order_by(Remark.id)
        .options(joinedload(Remark.author))
    )
    return [Entry(row.at, row.author.name if row.author else "", row.text) for row in rows]


def _changes(session: Session, round_id: int, proposal_id: int) -> list[Entry]:
    """Of reviews that count; a review that no longer does takes its changes with it."""
    rows = session.execute(
        select(ScoreChange, Juror.name)
        .join(Review, Review.id == ScoreChange.review_id)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(Juror, Juror.id == Assignment.juror_id)
        .where(
            Assignment.round_id == round_id,
            Assignment.proposal_id == proposal_id,
            Assignment.status == AssignmentStatus.SUBMITTED,
            Juror.status == JurorStatus.ACCEPTED,
        )
        .order_by(ScoreChange.id)
    )
    return [Entry(row.at, name, criterion=row.criterion, before=row.before, after=row.after) for row, name in rows]
