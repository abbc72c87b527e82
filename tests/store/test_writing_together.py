"""A transaction that writes for many: whole or not at all, kept through a power cut, on a connection that outlives a server's restart."""

from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, NullPool, Select, create_engine, insert, select
from sqlalchemy.orm import Session

from crowd.core.events import EventKind
from crowd.store.among import among, listed
from crowd.store.db import db, utc_now
from crowd.store.models import Event
from crowd.store.prepared import CLOCK, Prepared, ask_together
from crowd.store.together import writing_together

put = Prepared(lambda: insert(Event))
kinds = Prepared(lambda: select(Event.id, Event.kind).order_by(Event.id))


@pytest.fixture(autouse=True)
def _fresh(session: Session) -> None:
    session.commit()
    db.engine.dispose()


def write(connection: Connection, kind: EventKind = EventKind.BALLOT_CAST) -> None:
    put.each(connection, [{"kind": kind, "at": utc_now(), "data": {}}])


def written(session: Session) -> list[EventKind]:
    return list(session.scalars(select(Event.kind).order_by(Event.id)))


def test_it_is_committed_at_the_end_and_the_connection_is_used_again(session: Session) -> None:
    with writing_together(db.engine) as first:
        write(first)
        assert [row.kind for row in kinds.all(first)] == [EventKind.BALLOT_CAST]
    with writing_together(db.engine) as second:
        write(second, EventKind.BALLOT_CHANGED)
    assert second is first
    assert written(session) == [EventKind.BALLOT_CAST, EventKind.BALLOT_CHANGED]


def test_an_error_undoes_all_of_it(session: Session) -> None:
    def fail_at_the_end() -> None:
        with writing_together(db.engine) as connection:
            write(connection)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_at_the_end()
    assert written(session) == []
    session.rollback()
    with writing_together(db.engine) as connection:
        write(connection)
    assert written(session) == [EventKind.BALLOT_CAST]


def test_what_is_refused_at_the_end_is_an_error_too(session: Session) -> None:
    with pytest.raises(db.engine.dialect.loaded_dbapi.Error), writing_together(db.engine) as connection:
        connection.connection.cursor().execute("INSERT INTO events (kind) VALUES ('nothing')")
    session.rollback()
    assert written(session) == []


def test_rows_may_be_read_after_the_commit(session: Session) -> None:
    with writing_together(db.engine) as connection:
        write(connection)
        rows = kinds.put(connection)
    assert [row.kind for row in rows()] == [EventKind.BALLOT_CAST]


def test_the_disk_is_waited_for(session: Session) -> None:
    """PostgreSQL does so by itself."""
    if db.engine.dialect.name == "sqlite":
        with writing_together(db.engine) as connection:
            assert connection.connection.cursor().execute("PRAGMA synchronous").fetchone()[0] == 2  # FULL


def test_a_connection_that_the_server_ended_meanwhile_is_replaced(session: Session) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no server")
    with writing_together(db.engine) as connection:
        write(connection)
        driver = connection.connection.dbapi_connection
        assert isinstance(driver, psycopg.Connection)
        ended = driver.info.backend_pid
    with create_engine(db.engine.url, poolclass=NullPool).connect() as other:
        other.exec_driver_sql(f"SELECT pg_terminate_backend({ended}, 5000)")
    with writing_together(db.engine) as connection:
        write(connection)
    assert len(written(session)) == 2


def some() -> Select[Any]:
    columns = Event.__table__.c
    return select(columns.id, columns.kind).where(among(columns.id, "ids"), among(columns.kind, "kinds"))


def test_a_list_is_one_value_and_questions_are_asked_together(session: Session) -> None:
    with writing_together(db.engine) as connection:
        for kind in (EventKind.BALLOT_CAST, EventKind.BALLOT_CHANGED, EventKind.BALLOT_CAST):
            write(connection, kind)
    cast = [EventKind.BALLOT_CAST.value]
    first, *_ = session.scalars(select(Event.id).order_by(Event.id))
    asked = Prepared(some)
    before = utc_now()
    found, nothing, clock = ask_together(
        db.session(),
        (asked, {"ids": listed([first, first + 1]), "kinds": listed(cast)}),
        (asked, {"ids": listed([]), "kinds": listed(cast)}),
        CLOCK,
    )
    assert [row.id for row in found] == [first]
    assert nothing == []
    assert abs((clock[0].now - before).total_seconds()) < 60
