"""Connections for single questions: they see what holds now, outlive a server that was started anew, and are never more than the pool's."""

import threading

import pytest
from sqlalchemy import Connection, NullPool, create_engine, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.store.db import db, transaction
from crowd.store.prepared import Prepared, read_singly
from crowd.store.readers import read_on
from tests.make import make_account

names = Prepared(lambda: select(Account.name).order_by(Account.id))


@pytest.fixture(autouse=True)
def _fresh(session: Session) -> None:
    session.commit()
    db.engine.dispose()


def unexpected() -> str:
    raise AssertionError


def test_each_question_sees_what_holds_when_it_is_asked(session: Session) -> None:
    person = make_account()
    session.rollback()
    read_singly(session)
    assert [row.name for row in names.all(session)] == [person.name]
    with transaction(person):
        person.name = "Ana"
    assert [row.name for row in names.all(session)] == ["Ana"]
    assert not session.in_transaction()


def test_where_all_are_in_use_the_transaction_is_asked(session: Session) -> None:
    read_singly(session)
    begin, end = threading.Event(), threading.Barrier(db.engine.pool.size() + 1)  # type: ignore[attr-defined]

    def linger(_connection: Connection) -> str:
        end.wait(30)
        return "read"

    found: list[str] = []
    engine = db.engine
    threads = [
        threading.Thread(target=lambda: found.append(read_on(engine, linger, unexpected)))
        for _ in range(end.parties - 1)
    ]
    for thread in threads:
        thread.start()
    while end.n_waiting < len(threads):
        begin.wait(0.01)
    names.all(session)
    assert session.in_transaction()
    end.wait(30)
    for thread in threads:
        thread.join(30)
    assert found == ["read"] * len(threads)


def test_a_server_that_ended_them_is_asked_once_more(session: Session) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no server")

    def pid(connection: Connection) -> int:
        return int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())

    who = Prepared(lambda: select(func.pg_backend_pid().label("pid")))
    read_singly(session)
    names.all(session)
    ended = read_on(db.engine, pid, unexpected)
    with create_engine(db.engine.url, poolclass=NullPool).connect() as other:
        other.exec_driver_sql(f"SELECT pg_terminate_backend({ended}, 5000)")
    assert who.all(session)
    assert read_on(db.engine, pid, unexpected) != ended
    assert not session.in_transaction()


def test_a_fault_of_the_question_itself_is_told_at_once(session: Session) -> None:
    asked: list[Connection] = []

    def wrong(connection: Connection) -> str:
        asked.append(connection)
        connection.exec_driver_sql("SELECT nonsense FROM nowhere")
        raise AssertionError

    with pytest.raises(DBAPIError):
        read_on(db.engine, wrong, unexpected)
    assert len(asked) == 1
    read_singly(session)
    assert names.all(session) == []
