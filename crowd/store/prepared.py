"""Questions asked on nearly every request: turned into text once for each kind of database, then put by the driver itself.

The way through the toolkit costs several times what the database takes to answer. PostgreSQL keeps their plans, too, for each connection:
making them takes it longer than carrying them out. All go by an index; a plan from when a table was small lasts until it is measured again.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session

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

    def all(self, session: Session, **values: Any) -> list[Any]:
        connection = session.connection()
        dialect = connection.dialect
        text = self._texts.get(dialect.name)
        if text is None:
            text = self._texts[dialect.name] = _written(self._build(), dialect, values)
        cursor: Any = connection.connection.cursor()
        kept = {"prepare": True} if dialect.driver == "psycopg" else {}
        given = text.values(values)
        for told in connection.dispatch.before_cursor_execute:  # whoever counts questions counts these, too
            told(connection, cursor, text.sql, given, None, False)
        try:
            cursor.execute(text.sql, given, **kept)
            return [text.read(row) for row in cursor.fetchall()]
        except dialect.loaded_dbapi.Error as error:
            raise _told(connection, error, cursor, text.sql) from error
        finally:
            cursor.close()

    def first(self, session: Session, **values: Any) -> Any | None:
        return next(iter(self.all(session, **values)), None)


def _written(statement: Statement, dialect: Dialect, given: Mapping[str, Any]) -> _Text:
    """Lists of constants are written out, too. Of `given` only the names count."""
    compiled = statement.compile(dialect=dialect)
    written = compiled.construct_expanded_state(dict.fromkeys(given))
    columns = list(statement.selected_columns)
    names: Any = [column.key for column in columns]
    row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # noqa: PYI024 (known when it runs)
    read = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    bind: Mapping[str, Convert] = written.processors
    constants = {name: value for name, value in written.parameters.items() if name not in given}
    return _Text(
        written.statement,
        written.positiontup,
        {name: bind[name](value) if name in bind else value for name, value in constants.items()},
        {name: bind[name] for name in given if name in bind},
        [(place, convert) for place, convert in enumerate(read) if convert is not None],
        row._make,
    )


def _told(connection: Connection, error: Any, cursor: Any, sql: str) -> StatementError:
    """As the toolkit tells it, without the values; a connection that is lost goes out of the pool."""
    dialect = connection.dialect
    if dialect.is_disconnect(error, connection.connection.dbapi_connection, cursor):
        connection.invalidate(error)
    kinds = dialect.loaded_dbapi.Error
    told: StatementError = DBAPIError.instance(sql, None, error, kinds, hide_parameters=True, dialect=dialect)
    return told
