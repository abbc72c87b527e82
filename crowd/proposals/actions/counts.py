"""Kept counts of proposals. On PostgreSQL each change adds a row; many rows of a call become one of each kind."""

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from crowd.proposals.models import ProposalCount

MOST_ROWS = 60
KIND = (ProposalCount.call_id, ProposalCount.status, ProposalCount.moderation, ProposalCount.in_round)


def fold_counts(session: Session) -> int:
    """Fold the counts of calls with many rows, in one statement so that a row added meanwhile is kept. Returns how many calls."""
    counted = select(ProposalCount.call_id).group_by(ProposalCount.call_id).having(func.count() > MOST_ROWS)
    calls = list(session.scalars(counted))
    if not calls or session.get_bind().dialect.name != "postgresql":
        return 0  # SQLite counts up in place
    gone = delete(ProposalCount).where(ProposalCount.call_id.in_(calls)).returning(*KIND, ProposalCount.count).cte()
    kind = [gone.c[column.key] for column in KIND]
    total = func.sum(gone.c.count)
    folded = select(*kind, total).group_by(*kind).having(total != 0)
    session.execute(insert(ProposalCount).from_select([*(column.key for column in KIND), "count"], folded))
    return len(calls)
