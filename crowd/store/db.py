"""The database, knowing no area: base class, connections, and the one function that commits."""

import select
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from time import monotonic
from typing import Any, TypeAlias, TypeVar

import psycopg
from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, Insert, MetaData, bindparam, event, insert, inspect
from sqlalchemy.exc import InvalidatePoolError, InvalidRequestError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session
from sqlalchemy.orm.exc import ObjectDeletedError
from sqlalchemy.pool import ConnectionPoolEntry, Pool

from crowd.core.errors import Gone
from crowd.store.turnstile import turnstile_of

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

T = TypeVar("T")


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(
    metadata=Base.metadata,
    session_options={"expire_on_commit": False, "autoflush": False},
    disable_autonaming=True,
)

AT_BEGIN = "at_begin"
"""Extension of the application: what looks, in each transaction before anything is written, whether it may be."""

AFTER_COMMIT = "after_commit"
"""Extension of the application: what is called after each commit that recorded an event, the job runner's poke."""


def utc_now() -> datetime:
    """The edge's clock. Core and actions get the time as an argument."""
    return datetime.now(UTC)


def server_now(session: Session) -> datetime:
    """The database's own clock, where it has one: several machines then agree on what was in time."""
    if session.get_bind().dialect.name != "postgresql":
        return utc_now()
    found: datetime = session.connection().exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    return found.astimezone(UTC)


@contextmanager
def transaction(*rows: object, durable: bool = False) -> Iterator[Session]:
    """Run a block as one write: the only commit in the project beside that of `store.together`.

    `durable`: what is committed outlives a power cut, too (on SQLite the disk is waited for; PostgreSQL always does).

    Ends the reading snapshot, begins (IMMEDIATE on SQLite), then locks and refreshes `rows` (FOR UPDATE on PostgreSQL) so
    that the block judges what is true now. Commits at the end; rolls back on any error.
    """
    session = db.session()
    end_reading(session)
    with turnstile_of(session.get_bind()):
        session.connection(execution_options={"begin": "IMMEDIATE", "durable": durable})
        session.info["wrote_event"] = False
        try:
            for check in current_app.extensions.get(AT_BEGIN, ()):
                check(session, rows)
            for row in rows:
                lock(session, row)
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
    if session.info["wrote_event"]:
        for poke in current_app.extensions.get(AFTER_COMMIT, ()):
            poke()


def leave(_error: BaseException | None = None) -> None:
    """End what was only read, as at the end of a request: after ROLLBACK the driver would have PostgreSQL forget the plans that it keeps."""
    if not db.session.registry.has() or not db.session().in_transaction() or _is_changed(db.session()):
        return
    try:
        db.session.commit()
    except SQLAlchemyError:  # what went wrong was told before; the session is given up anyway
        db.session.rollback()


def _is_changed(session: Session) -> bool:
    return bool(session.new or session.dirty or session.deleted)


def end_reading(session: Session) -> None:
    """Leave the snapshot that was read from, before waiting for others or writing."""
    if _is_changed(session):
        message = "rows were changed outside a transaction"
        raise RuntimeError(message)
    if session.in_transaction():
        session.commit()


def lock(session: Session, row: object) -> None:
    """Lock one row and bring its columns up to date; its relationships stay as they were loaded."""
    _refresh(session, row, for_update=True)


def hold(session: Session, row: object) -> None:
    """Share one row with others who hold it, keep out whoever locks it, and bring its columns up to date."""
    _refresh(session, row, for_update={"read": True})


def _refresh(session: Session, row: object, *, for_update: Any) -> None:
    """Raises Gone when somebody deleted the row since it was loaded."""
    columns = [column.key for column in inspect(row).mapper.column_attrs]
    try:
        session.refresh(row, attribute_names=columns, with_for_update=for_update)
    except (InvalidRequestError, ObjectDeletedError) as error:
        raise Gone from error


NewRow: TypeAlias = tuple[type[Base], Mapping[str, object]]


def insert_rows(session: Session, *rows: NewRow) -> None:
    """Write a row of each of several tables at once, past the session's bookkeeping, for what is written very often.

    On PostgreSQL it is one statement, which is one way there and back.
    """
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        for model, values in rows:
            connection.execute(_insert_into(model), values)
        return
    together = _together(tuple((model, tuple(values)) for model, values in rows))
    named = {f"{model.__tablename__}_{name}": value for model, values in rows for name, value in values.items()}
    connection.execute(together, named)


@cache
def _insert_into(model: type[Base]) -> Insert:
    return insert(Base.metadata.tables[model.__tablename__]).inline()


@cache
def _together(shapes: tuple[tuple[type[Base], tuple[str, ...]], ...]) -> Insert:
    """`WITH first AS (INSERT …), … INSERT …`; each table once."""
    *before, last = (
        _insert_into(model).values({name: bindparam(f"{model.__tablename__}_{name}") for name in names})
        for model, names in shapes
    )
    return last.add_cte(*(one.cte(f"row_{number}") for number, one in enumerate(before)))


def insert_many(
    session: Session, columns: Sequence[InstrumentedAttribute[Any]], rows: Iterable[Sequence[object]]
) -> None:
    """Insert very many rows of one table: whole columns on PostgreSQL, one prepared statement on SQLite.

    Defaults are not filled in.
    """
    connection, listed = session.connection(), [column.expression for column in columns]
    dialect = connection.dialect
    convert = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in listed]
    if any(convert):
        rows = (tuple(c(v) if c else v for c, v in zip(convert, row, strict=True)) for row in rows)
    values = list(rows)
    into = f"INSERT INTO {columns[0].class_.__tablename__} ({', '.join(column.name for column in listed)})"
    if dialect.name == "postgresql":
        arrays = ", ".join(f"%s::{column.type.compile(dialect)}[]" for column in listed)
        whole = f"{into} SELECT * FROM unnest({arrays})"  # noqa: S608 (names and types of ours)
        for some in in_chunks(values, 20_000):
            connection.exec_driver_sql(whole, tuple(_array(column) for column in zip(*some, strict=True)))
    elif values:
        connection.exec_driver_sql(f"{into} VALUES ({', '.join('?' for _ in listed)})", values)


def measure_tables(session: Session, *tables: type[Base]) -> None:
    """Tell PostgreSQL how large these tables have become, after insert_many and before they are joined.

    It would find out by itself within a minute; until then it plans, and checks foreign keys, as for the few rows it knew,
    by reading whole tables once per row. Only those tables are measured that the database's user owns.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.flush()
        session.connection().exec_driver_sql(f"ANALYZE {', '.join(table.__tablename__ for table in tables)}")


SMALL_FILE = 1_000
"""Pages (4 kB each) below which SQLite plans well enough by its indexes alone."""


def measure_file() -> bool:
    """Let SQLite count its indexes, without which it plans as if each told the same. PostgreSQL does so by itself.

    Returns whether it was done. Others wait meanwhile with writing: 0.7 s at 400 MB. (Samples, `analysis_limit`, took 0.1 s and led
    to a walk through a call's proposals for a rare tag.)
    """
    if db.engine.dialect.name != "sqlite":
        return False
    with db.engine.connect() as connection:
        large = (connection.exec_driver_sql("PRAGMA page_count").scalar() or 0) >= SMALL_FILE
    if large:
        with db.engine.connect().execution_options(begin="IMMEDIATE") as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
    return large


def _array(values: Sequence[Any]) -> object:
    """Numbers as PostgreSQL writes an array, many times faster than the driver's own way."""
    numbers = all(type(value) is int for value in values)
    return f"{{{','.join(map(str, values))}}}" if numbers else list(values)


def in_chunks(items: list[T], size: int = 500) -> Iterator[list[T]]:
    """Pieces of a list, small enough for the bound variables of one statement."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


@event.listens_for(Engine, "connect")
def _prepare_connection(connection: Any, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # pysqlite begins late; `_begin` does it instead
        for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=15000"):
            connection.execute(f"PRAGMA {pragma}")


RESTED = 0.5
"""Seconds in the pool after which a connection is asked whether it still lives before it is used again, whatever it looks like."""


@event.listens_for(Pool, "checkin")
def _lay_down(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["laid_down"] = monotonic()


@event.listens_for(Pool, "checkout")
def _ask_whether_alive(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    """A server that was started anew has ended them all; SQLite has none."""
    if not isinstance(connection, psycopg.Connection):
        return
    try:
        if monotonic() - record.info.get("laid_down", monotonic()) > RESTED or was_written_to(connection):
            connection.execute("SELECT 1")
            connection.rollback()
    except psycopg.Error as error:
        raise InvalidatePoolError from error


def was_written_to(connection: psycopg.Connection[Any]) -> bool:
    """Whether the server said something unasked, as it does when it goes: known without asking, so looked for each time."""
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        options = connection.get_execution_options()
        if options.get("begin"):
            _wait_for_disk(connection, bool(options.get("durable")))
            connection.exec_driver_sql(f"BEGIN {options['begin']}")
        else:  # only reads, on every page: by the driver itself, as nothing can go wrong
            connection.connection.cursor().execute("BEGIN")


def _wait_for_disk(connection: Connection, durable: bool) -> None:  # noqa: FBT001
    """SQLite writes its log with each commit but asks the disk to keep it only where that was promised."""
    if durable is not connection.info.get("durable", False):
        connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        connection.info["durable"] = durable
