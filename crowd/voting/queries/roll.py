"""The electorate that an organization makes."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.voting.models import Elector, VoterCode


def list_electors(session: Session, round_id: int, most: int) -> tuple[Sequence[str], int]:
    """The first addresses of the list, and how many more there are."""
    mine = Elector.round_id == round_id
    total = session.scalar(select(func.count(Elector.id)).where(mine)) or 0
    listed = session.scalars(select(Elector.email).where(mine).order_by(Elector.email_folded).limit(most)).all()
    return listed, total - len(listed)


def count_codes(session: Session, round_id: int) -> tuple[int, int]:
    """Codes that open the round, and codes that were revoked. How many were used is a count, and stays hidden."""
    made, revoked = session.execute(
        select(func.count(VoterCode.id), func.count(VoterCode.revoked_at)).where(VoterCode.round_id == round_id)
    ).one()
    return made - revoked, revoked
