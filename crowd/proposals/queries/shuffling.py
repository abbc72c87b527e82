"""An order of its own for every reader, so that no proposal is always first.

Each proposal carries eight stored random keys. A reader gets one of them, a starting point and a direction; the list wraps
round. Every page is a short walk along an index, a second one where the first has come to its end, whatever the number of proposals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Select, Subquery, and_, func, literal, or_, select, union_all
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import ExecutableOption

from crowd.core.shuffle import Shuffle
from crowd.proposals.models import Proposal
from crowd.store.paging import NEARBY, Page, decode_cursor, encode_cursor


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


@dataclass(frozen=True)
class Part:
    """One side of the starting point, as far as it is left."""

    number: int
    where: ColumnElement[bool]


@dataclass(frozen=True)
class Shown:
    """A select of proposals with the `parameters` it names, what of each is loaded, and how many make a page."""

    query: Select[Any]
    size: int
    options: Sequence[ExecutableOption] = ()
    parameters: Mapping[str, Any] | None = None


def shuffled_page(session: Session, shown: Shown, shuffle: Shuffle, cursor: str | None) -> Page[Proposal]:
    """One page in a reader's order, in one statement."""
    part, *rest = _parts(shuffle, cursor)
    most = shown.size + 1
    first = _walk(shown, shuffle, part, most).cte("first")
    short = select(func.count()).select_from(first).scalar_subquery() < most
    seconds = [select(_walk(shown, shuffle, second, most, short).subquery()) for second in rest]
    return _page(session, shown, shuffle, union_all(select(first), *seconds).subquery())


def shuffled_nearby(
    session: Session, shown: Shown, check: ColumnElement[bool], shuffle: Shuffle, cursor: str | None
) -> Page[Proposal] | None:
    """As `shuffled_page`, of the rows that pass `check`, if the next NEARBY rows hold a page of them (`paging.page_nearby`)."""
    walk = _walk(shown, shuffle, _parts(shuffle, cursor)[0], NEARBY)
    page = _page(session, shown, shuffle, walk.subquery(), check)
    return page if page.next else None


def _walk(shown: Shown, shuffle: Shuffle, part: Part, most: int, *gate: ColumnElement[bool]) -> Select[int, int, int]:
    """Ids and places along a key, on one side of the starting point, if the gate is open."""
    column = _column(shuffle)
    columns = (Proposal.id, column.label("place"), literal(part.number).label("part"))
    walked = shown.query.with_only_columns(*columns).where(*gate, part.where).order_by(None)
    return walked.order_by(_ordered(shuffle, column), Proposal.id).limit(most)


def _page(
    session: Session, shown: Shown, shuffle: Shuffle, ids: Subquery, *where: ColumnElement[bool]
) -> Page[Proposal]:
    rows = session.execute(
        select(Proposal, ids.c.part, ids.c.place)
        .join(ids, ids.c.id == Proposal.id)
        .where(*where)
        .order_by(ids.c.part, _ordered(shuffle, ids.c.place), Proposal.id)
        .limit(shown.size + 1)
        .options(*shown.options),
        shown.parameters,
    ).all()
    more = len(rows) > shown.size
    last = rows[shown.size - 1] if more else None
    following = encode_cursor([last.part, last.place, last[0].id]) if last else None
    return Page([row[0] for row in rows[: shown.size]], following)


def _parts(shuffle: Shuffle, cursor: str | None) -> list[Part]:
    """What is left, in order: both sides of the starting point, or the rest of the second."""
    early, late = _before_wrapping(shuffle), ~_before_wrapping(shuffle)
    if cursor is None:
        return [Part(0, early), Part(1, late)]
    part, place, id_ = decode_cursor(cursor, (Integer(), BigInteger(), Integer()))
    beyond = _beyond(shuffle, place, id_)
    return [Part(0, and_(early, beyond)), Part(1, late)] if part == 0 else [Part(1, and_(late, beyond))]
