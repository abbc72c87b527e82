"""A transaction that writes for many: by the driver itself, on a connection that is kept for it.

What the toolkit does to lend a connection out, to begin and to end costs as much as what is written.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, event

from crowd.store.db import was_written_to
from crowd.store.turnstile import turnstile_of

_idle: dict[Engine, list[Connection]] = {}


@contextmanager
def writing_together(engine: Engine) -> Iterator[Connection]:
    """Committed at the end, as durably as can be; rolled back on any error. Whoever writes looks whether each of the many may.

    On PostgreSQL what is put and not read goes the same way as the commit.
    """
    with turnstile_of(engine):
        connection = _taken(engine)
        driver: Any = connection.connection
        try:
            with ExitStack() as stack:
                if engine.dialect.name == "postgresql":
                    stack.enter_context(driver.pipeline())
                else:
                    driver.cursor().execute("BEGIN IMMEDIATE")
                yield connection
                driver.commit()
        except BaseException:
            with suppress(engine.dialect.loaded_dbapi.Error):
                driver.rollback()
            connection.close()
            raise
        _idle.setdefault(engine, []).append(connection)


def _taken(engine: Engine) -> Connection:
    """One that was used before, unless its server went; else a new one, beside those that are lent out."""
    while kept := _idle.get(engine):
        with suppress(IndexError):
            connection = kept.pop()
            driver = connection.connection.dbapi_connection
            if not (isinstance(driver, psycopg.Connection) and was_written_to(driver)):
                return connection
            connection.close()
    connection = engine.connect()
    if engine.dialect.name == "sqlite":
        connection.connection.cursor().execute("PRAGMA synchronous=FULL")
    connection.detach()
    return connection


@event.listens_for(Engine, "engine_disposed")
def _close(engine: Engine) -> None:
    for connection in _idle.pop(engine, []):
        connection.close()
