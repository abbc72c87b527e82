"""An order of its own for every reader, so that no proposal is always first.

Each proposal carries eight stored random keys. A reader gets one of them, a starting point and a direction; the list wraps
round. Every page is a short walk along an index, a second one where the first has come to its end, whatever the number of proposals.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Select, and_, false, func, literal, or_, select, union_all
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import ExecutableOption

from crowd.core.shuffle import Shuffle
from crowd.proposals.models import Proposal
from crowd.store.paging import Page, decode_cursor, encode_cursor


def _column(shuffle: Shuffle) -> ColumnElement[int]:
    column: ColumnElement[int] = Proposal.__table__.c[shuffle.column]
    return column


def _ordered(shuffle: Shuffle, column: ColumnElement[int]) -> ColumnElement[int]:
    return column.desc() if shuffle.descending else column.asc()


def _before_wrapping(shuffle: Shuffle) -> ColumnElement[bool]:
    column = _column(shuffle)
    return column <= shuffle.start if shuffle.descending else column >= shuffle.start


def _beyond(shuffle: Shuffle, value: int, id_: int) -> ColumnElement[bool]:
    """What comes after a row: further along the key, or the same key and a higher id."""
    column = _column(shuffle)
    bound = column <= value if shuffle.descending else column >= value  # where an index begins
    return and_(bound, or_(column != value, Proposal.id > id_))


def shuffled_page(
    session: Session,
    query: Select[Any],
    shuffle: Shuffle,
    cursor: str | None,
    size: int,
    options: Sequence[ExecutableOption] = (),
    parameters: Mapping[str, Any] | None = None,
) -> Page[Proposal]:
    """One page of `query` (a select of proposals, with the `parameters` it names) in a reader's order, in one statement."""
    early, late = _parts(shuffle, cursor)
    column = _column(shuffle)

    def walk(part: int, *where: ColumnElement[bool]) -> Select[Any]:
        columns = (Proposal.id, column.label("place"), literal(part).label("part"))
        walked = query.with_only_columns(*columns).where(*where).order_by(None)
        return walked.order_by(_ordered(shuffle, column), Proposal.id).limit(size + 1)

    first = walk(0, early).cte("first")
    short = select(func.count()).select_from(first).scalar_subquery() <= size
    ids = union_all(select(first), select(walk(1, short, late).subquery())).subquery()
    rows = session.execute(
        select(Proposal, ids.c.part, ids.c.place)
        .join(ids, ids.c.id == Proposal.id)
        .order_by(ids.c.part, _ordered(shuffle, ids.c.place), Proposal.id)
        .limit(size + 1)
        .options(*options),
        parameters,
    ).all()
    more = len(rows) > size
    last = rows[size - 1] if more else None
    following = encode_cursor([last.part, last.place, last[0].id]) if last else None
    return Page([row[0] for row in rows[:size]], following)


def _parts(shuffle: Shuffle, cursor: str | None) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The rows left on each side of the starting point."""
    early, late = _before_wrapping(shuffle), ~_before_wrapping(shuffle)
    if cursor is None:
        return early, late
    part, place, id_ = decode_cursor(cursor, (Integer(), BigInteger(), Integer()))
    beyond = _beyond(shuffle, place, id_)
    return (and_(early, beyond), late) if part == 0 else (false(), and_(late, beyond))
