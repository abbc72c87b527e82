"""What stands of the words about credits."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crowd.selection.models import Endorsement


def list_endorsements(session: Session, credit_ids: Sequence[int]) -> dict[int, list[Endorsement]]:
    """Standing endorsements with their authors, oldest first, by credit."""
    found: dict[int, list[Endorsement]] = {}
    rows = session.scalars(
        select(Endorsement)
        .where(Endorsement.credit_id.in_(credit_ids), Endorsement.removed_at.is_(None))
        .order_by(Endorsement.id)
        .options(joinedload(Endorsement.author))
    )
    for row in rows:
        found.setdefault(row.credit_id, []).append(row)
    return found


def my_endorsement(session: Session, credit_id: int, account_id: int | None) -> Endorsement | None:
    """Also one that was taken away."""
    return session.scalar(
        select(Endorsement).where(Endorsement.credit_id == credit_id, Endorsement.author_id == account_id)
    )
