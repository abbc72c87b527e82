"""What a proposal owes to comments. Who may say so is judged by whoever calls, who knows comments."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from crowd.core.credit import OwnRole
from crowd.proposals.models import Contribution, ProposalVersion
from crowd.proposals.queries.contributing import contribution_of


def mark(
    session: Session,
    proposal_id: int,
    comment_id: int,
    account_id: int,
    role: OwnRole,
    *,
    by_id: int | None,
    now: datetime,
) -> Contribution:
    """Credit a comment, or say otherwise what it gave."""
    row = contribution_of(session, comment_id)
    if row is None:
        newest = select(func.max(ProposalVersion.number)).where(ProposalVersion.proposal_id == proposal_id)
        row = Contribution(
            proposal_id=proposal_id, comment_id=comment_id, account_id=account_id, version=session.scalar(newest)
        )
        session.add(row)
    row.role, row.marked_at, row.marked_by_id = role, now, by_id
    session.flush()
    return row


def unmark(session: Session, row: Contribution) -> None:
    session.delete(row)
    session.flush()


def carry_contributions(session: Session, source_id: int, target_id: int) -> list[int]:
    """A proposal goes into another: what it owes goes along. Returns the ids, for `return_contributions` when that is undone."""
    ids = list(session.scalars(select(Contribution.id).where(Contribution.proposal_id == source_id)))
    return_contributions(session, ids, target_id)
    return ids


def return_contributions(session: Session, ids: Sequence[int], proposal_id: int) -> None:
    session.execute(update(Contribution).where(Contribution.id.in_(ids)).values(proposal_id=proposal_id))
