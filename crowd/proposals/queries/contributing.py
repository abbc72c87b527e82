"""Comments to which proposals owe something."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.proposals.models import Contribution


def contribution_of(session: Session, comment_id: int) -> Contribution | None:
    return session.scalar(select(Contribution).where(Contribution.comment_id == comment_id))


def contributions_of(session: Session, comment_ids: Sequence[int]) -> dict[int | None, Contribution]:
    """By comment."""
    rows = session.scalars(select(Contribution).where(Contribution.comment_id.in_(comment_ids)))
    return {row.comment_id: row for row in rows}
