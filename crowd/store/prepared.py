"""Questions asked on nearly every request: turned into text once for each kind of database, then put by the driver itself.

The way through the toolkit costs several times what the database takes to answer. PostgreSQL keeps their plans, too, for each connection:
making them takes it longer than carrying them out. All go by an index; a plan from when a table was small lasts until it is measured again.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import Connection, Dialect, Enum, select
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

from crowd.store.types import UtcDateTime

Convert: TypeAlias = Callable[[Any], Any]
Statement: TypeAlias = Any


@dataclass(frozen=True)
class _Text:
    """A statement as a driver takes it. `order`: the names of its values where they go by place."""

    sql: str
    order: Sequence[str] | None
    constants: Mapping[str, Any]
    bind: Mapping[str, Convert]
    result: Sequence[tuple[int, Convert]]
    row: Callable[..., Any]

    def values(self, given: Mapping[str, Any]) -> Any:
        named = {**self.constants, **given}
        for name, convert in self.bind.items():
            named[name] = convert(named[name])
        return named if self.order is None else [named[name] for name in self.order]

    def read(self, values: Sequence[Any]) -> Any:
        read = list(values)
        for place, convert in self.result:
            read[place] = convert(read[place])
        return self.row(read)


class Prepared:
    """`build` makes the statement, with `bindparam`s for what differs; rows have the names of its columns."""

    def __init__(self, build: Callable[[], Statement]) -> None:
        self._build = build
        self._texts: dict[str, _Text] = {}

    def all(self, on: Session | Connection, **values: Any) -> list[Any]:
        connection = on if isinstance(on, Connection) else connection_of(on)
        text = self._text(connection, values)
        with _put(connection, text, text.values(values)) as cursor:
            return [text.read(row) for row in cursor.fetchall()]

    def put(self, connection: Connection, **values: Any) -> Callable[[], list[Any]]:
        """As `all`; the rows are read when they are wanted, so that what follows may go the same way in `store.together`."""
        text = self._text(connection, values)
        with _put(connection, text, text.values(values), keep=True) as cursor:
            return lambda: [text.read(row) for row in cursor.fetchall()]

    def first(self, on: Session | Connection, **values: Any) -> Any | None:
        return next(iter(self.all(on, **values)), None)

    def each(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Once for each of these values, which have the same names; nothing is read."""
        if rows:
            text = self._text(connection, rows[0])
            with _put(connection, text, [text.values(row) for row in rows], many=True):
                pass

    def _text(self, connection: Connection, names: Mapping[str, Any]) -> _Text:
        dialect = connection.dialect
        text = self._texts.get(dialect.name)
        if text is None:
            text = self._texts[dialect.name] = _written(self._build(), dialect, names)
        return text


Question: TypeAlias = tuple[Prepared, Mapping[str, Any]]


def ask_together(on: Session | Connection, *questions: Question) -> list[list[Any]]:
    """The rows of each. One is put after the other, and finds what holds when its turn comes.

    PostgreSQL gets them all in one way there and back.
    """
    connection = on if isinstance(on, Connection) else connection_of(on)
    if connection.dialect.name != "postgresql":
        return [asked.all(connection, **given) for asked, given in questions]
    driver: Any = connection.connection
    with driver.pipeline():
        answers = [asked.put(connection, **given) for asked, given in questions]
        return [answer() for answer in answers]


class _clock(FunctionElement[Any]):  # noqa: N801 (a function where it is used)
    type = UtcDateTime()
    inherit_cache = True


@compiles(_clock, "postgresql")
def _clock_of_postgresql(_element: Any, _compiler: Any, **_options: Any) -> str:
    return "clock_timestamp()"


@compiles(_clock, "sqlite")
def _clock_of_sqlite(_element: Any, _compiler: Any, **_options: Any) -> str:
    return "strftime('%Y-%m-%d %H:%M:%f000', 'now')"


CLOCK: Question = (Prepared(lambda: select(_clock().label("now"))), {})
"""What the database's clock says when it is asked, not when the transaction began."""


def connection_of(session: Session) -> Connection:
    """That of the transaction that is under way, else of a new one, without asking the session anew each time."""
    begun, kept = session.get_transaction(), session.info.get(_KEPT)
    if kept is not None and begun is not None and kept[0] is begun:
        known: Connection = kept[1]
        return known
    connection = session.connection()
    session.info[_KEPT] = (session.get_transaction(), connection)
    return connection


_KEPT = "connection"


@contextmanager
def _put(connection: Connection, text: _Text, values: Any, *, many: bool = False, keep: bool = False) -> Iterator[Any]:
    """The cursor of a statement that was carried out."""
    dialect = connection.dialect
    cursor: Any = connection.connection.cursor()
    for told in connection.dispatch.before_cursor_execute:  # whoever counts questions counts these, too
        told(connection, cursor, text.sql, values, None, many)
    try:
        if many:
            cursor.executemany(text.sql, values)
        elif dialect.driver == "psycopg":
            cursor.execute(text.sql, values, prepare=True)
        else:
            cursor.execute(text.sql, values)
        yield cursor
    except dialect.loaded_dbapi.Error as error:
        raise _told(connection, error, cursor, text.sql) from error
    finally:
        if not keep:
            cursor.close()


def _written(statement: Statement, dialect: Dialect, given: Mapping[str, Any]) -> _Text:
    """Lists of constants are written out, too. Of `given` only the names count, which are those of the columns of what is inserted."""
    compiled = statement.compile(dialect=dialect, column_keys=list(given) if statement.is_insert else None)
    written = compiled.construct_expanded_state(dict.fromkeys(given))
    columns = list(statement.exported_columns)
    names: Any = [column.key for column in columns]
    row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # noqa: PYI024 (known when it runs)
    read = [_read(column.type, dialect) for column in columns]
    own = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
    bind: Mapping[str, Convert] = {**{name: one for name, one in own.items() if one}, **written.processors}
    constants = {name: value for name, value in written.parameters.items() if name not in given}
    return _Text(
        written.statement,
        written.positiontup,
        {name: bind[name](value) if name in bind else value for name, value in constants.items()},
        {name: bind[name] for name in given if name in bind},
        [(place, convert) for place, convert in enumerate(read) if convert is not None],
        row._make,
    )


def _read(kind: Any, dialect: Dialect) -> Convert | None:
    convert: Convert | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    if convert is not None and dialect.name == "sqlite" and isinstance(kind, UtcDateTime | Enum):
        return lru_cache(1024)(convert)  # the same few dates of a call, as text, for everybody
    return convert


def _told(connection: Connection, error: Any, cursor: Any, sql: str) -> StatementError:
    """As the toolkit tells it, without the values; a connection that is lost goes out of the pool."""
    dialect, kinds = connection.dialect, connection.dialect.loaded_dbapi.Error
    lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, cursor)
    if lost:
        connection.invalidate(error)
    told: StatementError = DBAPIError.instance(
        sql, None, error, kinds, hide_parameters=True, connection_invalidated=lost, dialect=dialect
    )
    return told
