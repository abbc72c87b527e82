"""What the panel said about one proposal: reviews that count, remarks, and scores that were changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crowd.core.status import AssignmentStatus, JurorStatus
from crowd.reviews.models import Assignment, Juror, Remark, Review, ScoreChange
from crowd.reviews.queries.scores import LiveReview, live_reviews


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
    reviews: list[LiveReview]
    entries: list[Entry]


def panel_on(session: Session, round_id: int, proposal_id: int) -> Panel:
    """A few queries, whatever was said."""
    entries = [*_remarks(session, round_id, proposal_id), *_changes(session, round_id, proposal_id)]
    return Panel(live_reviews(session, round_id, [proposal_id]), sorted(entries, key=lambda entry: entry.at))


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
