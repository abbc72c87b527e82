"""Keyset paging: the cursor names the last row seen, so pages neither repeat nor skip while rows come and go."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import BigInteger, ColumnElement, Select, and_, literal, or_, tuple_
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from crowd.core.errors import InvalidInput

T = TypeVar("T")

LONGEST = 2000
NEARBY = 300
SMALL, BIG = 2**31, 2**63


@dataclass(frozen=True)
class Page(Generic[T]):
    """`items` of one page; `next` is the cursor of the following one, or None at the end."""

    items: Sequence[T]
    next: str | None


@dataclass(frozen=True)
class Key:
    """A column to order by. The last key must be unique."""

    column: ColumnElement[Any]
    descending: bool = False

    def ordered(self) -> ColumnElement[Any]:
        return self.column.desc() if self.descending else self.column.asc()

    def beyond(self, value: Any) -> ColumnElement[bool]:
        beyond: ColumnElement[bool] = self.column < value if self.descending else self.column > value
        return beyond


def encode_cursor(values: Sequence[object]) -> str:
    plain = [["t", value.isoformat()] if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, kinds: Sequence[TypeEngine[Any]]) -> list[Any]:
    """The values of a cursor, one for each column type. Raises InvalidInput("bad_cursor") for anything not made by `encode_cursor`."""
    try:
        plain = json.loads(base64.urlsafe_b64decode(cursor[:LONGEST] + "=" * (-len(cursor) % 4)))
        values = [datetime.fromisoformat(v[1]).astimezone(UTC) if isinstance(v, list) else v for v in plain]
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError) as error:
        raise InvalidInput("bad_cursor") from error
    if len(values) != len(kinds) or not all(map(_storable, values, kinds)):
        raise InvalidInput("bad_cursor")
    return values


def _storable(value: Any, kind: TypeEngine[Any]) -> bool:
    """Whether both databases take it for a column of this type: no number beyond its bits, no zero character."""
    if type(value) is not kind.python_type:
        return False
    if isinstance(value, int):
        return abs(value) < (BIG if isinstance(kind, BigInteger) else SMALL)
    return "\0" not in str(value)


def page_of(
    session: Session,
    query: Select[Any],
    keys: Sequence[Key],
    cursor: str | None,
    size: int,
    parameters: Mapping[str, Any] | None = None,
) -> Page[Any]:
    """One page of `query` ordered by `keys`. The key columns are added to the query, so rows come as the entity alone.

    Rows: the first column of each row, which must be the entity. `parameters`: of a query that names some.
    """
    return page_from(session, ordered(_from(query, keys, cursor), keys, size), len(keys), size, parameters)


def page_nearby(
    session: Session,
    query: Select[Any],
    check: tuple[ColumnElement[int], ColumnElement[bool]],
    keys: Sequence[Key],
    cursor: str | None,
    size: int,
    parameters: Mapping[str, Any] | None = None,
) -> Page[Any] | None:
    """As `page_of`, of the rows that pass `check` (their id, and what is asked of each), if the next NEARBY rows hold a page of them.

    Where most rows pass, an index that knows those which do would have to be read whole for the same answer.
    """
    id_, asked = check
    near = _from(query, keys, cursor).with_only_columns(id_).order_by(None).order_by(*(key.ordered() for key in keys))
    page = page_of(session, query.where(id_.in_(near.limit(NEARBY)), asked), keys, cursor, size, parameters)
    return page if page.next else None


def _from(query: Select[Any], keys: Sequence[Key], cursor: str | None) -> Select[Any]:
    """The rows after a cursor."""
    if not cursor:
        return query
    return query.where(_after(keys, decode_cursor(cursor, [key.column.type for key in keys])))


def ordered(query: Select[Any], keys: Sequence[Key], size: int) -> Select[Any]:
    """The statement of a page, for `page_from`; worth keeping where many ask it."""
    query = query.order_by(None).order_by(*(key.ordered() for key in keys)).limit(size + 1)
    return query.add_columns(*(key.column for key in keys))


def page_from(
    session: Session, statement: Select[Any], width: int, size: int, parameters: Mapping[str, Any] | None = None
) -> Page[Any]:
    """The page an `ordered` statement gives; `width`: how many keys it was ordered by."""
    rows = session.execute(statement, parameters).all()
    more = len(rows) > size
    last = rows[size - 1] if more else None
    return Page([row[0] for row in rows[:size]], encode_cursor(list(last)[-width:]) if last else None)


def _after(keys: Sequence[Key], values: Sequence[Any]) -> ColumnElement[bool]:
    """Lexicographic "comes after". In one direction it is a comparison of rows, which an index answers by one look-up; mixed
    directions are spelled out, with a bound that lets an index begin at the right place.
    """
    if len({key.descending for key in keys}) == 1:
        columns = tuple_(*(key.column for key in keys))
        at = tuple_(*(literal(value, key.column.type) for key, value in zip(keys, values, strict=True)))
        return columns < at if keys[0].descending else columns > at
    steps = []
    for index, key in enumerate(keys):
        same = [earlier.column == value for earlier, value in zip(keys[:index], values, strict=False)]
        steps.append(and_(*same, key.beyond(values[index])))
    first = keys[0]
    bound = first.column <= values[0] if first.descending else first.column >= values[0]
    return and_(bound, or_(*steps))
