"""One write at a time on a row, judged on what is true now, and all of it or nothing."""

import threading
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import create_engine, delete, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from crowd.core.errors import Gone
from crowd.core.events import EventKind
from crowd.store.db import AFTER_COMMIT, db, transaction
from crowd.store.events import record
from crowd.store.models import Attempt, JobRun


def test_two_who_read_before_they_write_lose_no_change(app: Flask, session: Session) -> None:
    """The row is read again under its lock: what was read before the transaction is old news."""
    with transaction() as inside:
        inside.add(JobRun(name="counter"))
    start = threading.Barrier(4)

    def count() -> None:
        with app.app_context():
            run = db.session.get_one(JobRun, "counter")
            start.wait()
            for _ in range(5):
                with transaction(run):
                    run.failures += 1

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.rollback()
    assert session.scalars(select(JobRun.failures)).one() == 20


def test_an_error_inside_leaves_nothing_behind(session: Session, now: datetime) -> None:
    def fail_half_way() -> None:
        with transaction() as inside:
            inside.add(Attempt(key="half", at=now))
            inside.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert session.scalars(select(Attempt)).all() == []


def test_a_change_outside_a_transaction_is_refused(session: Session, now: datetime) -> None:
    session.add(Attempt(key="stray", at=now))
    with pytest.raises(RuntimeError), transaction():
        pass
    session.rollback()


def test_the_runner_is_poked_after_a_commit_with_an_event_and_only_then(
    app: Flask, session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    pokes: list[int] = []
    assert app.extensions[AFTER_COMMIT] == []
    monkeypatch.setitem(app.extensions, AFTER_COMMIT, [lambda: pokes.append(1)])
    with transaction() as inside:
        inside.add(Attempt(key="quiet", at=now))
    assert pokes == []
    with transaction() as inside:
        record(inside, EventKind.COMMENT_POSTED, now=now)
    assert pokes == [1]


def test_a_time_without_a_zone_is_refused(session: Session) -> None:
    session.add(Attempt(key="when", at=datetime(2026, 5, 12)))  # noqa: DTZ001
    with pytest.raises(Exception, match="a time without a zone"):
        session.flush()
    session.rollback()


def test_a_time_comes_back_as_the_same_moment_in_utc(session: Session) -> None:
    moment = datetime.fromisoformat("2026-05-12T18:00:00-06:00")
    with transaction() as inside:
        inside.add(Attempt(key="when", at=moment))
    session.expire_all()
    assert session.scalars(select(Attempt.at)).one().isoformat() == "2026-05-13T00:00:00+00:00"


def test_a_row_deleted_in_the_meantime_is_gone_in_words(session: Session) -> None:
    run = JobRun(name="short-lived")
    with transaction() as inside:
        inside.add(run)
    with transaction() as inside:
        inside.execute(delete(JobRun).execution_options(synchronize_session=False))
    with pytest.raises(Gone), transaction(run):
        pass


@pytest.mark.parametrize("rested", [0, 3600], ids=["after it rested", "at once"])
def test_a_connection_that_the_server_ended_meanwhile_is_replaced(
    session: Session, monkeypatch: pytest.MonkeyPatch, rested: int
) -> None:
    monkeypatch.setattr("crowd.store.db.RESTED", rested)
    session.commit()
    db.engine.dispose()  # so that the one that is ended is the one that is taken next
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        pytest.skip("SQLite has no server")
    ended = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    session.commit()
    with create_engine(connection.engine.url, poolclass=NullPool).connect() as other:
        other.exec_driver_sql(f"SELECT pg_terminate_backend({ended}, 5000)")
    assert session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one() != ended
