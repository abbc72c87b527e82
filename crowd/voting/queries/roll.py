"""The electorate that an organization makes, and what stood out once it had voted."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.voting.models import Ballot, Elector, SetAside, Signal, VoterCode


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


def list_signals(session: Session, round_id: int) -> Sequence[Signal]:
    """The largest first, kind by kind."""
    mine = select(Signal).where(Signal.round_id == round_id)
    return session.scalars(mine.order_by(Signal.kind, Signal.number.desc(), Signal.id)).all()


def list_set_aside(session: Session, round_id: int) -> Sequence[SetAside]:
    return session.scalars(select(SetAside).where(SetAside.round_id == round_id).order_by(SetAside.ballot)).all()


def keys_saying(session: Session, round_id: int, text: str, most: int) -> Sequence[str]:
    """Ballots that say just this."""
    same = (Ballot.round_id == round_id) & (Ballot.choices == text)
    return session.scalars(select(Ballot.key).where(same).order_by(Ballot.key).limit(most)).all()
