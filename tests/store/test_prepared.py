"""Questions put by the driver itself: the same rows as by the toolkit, and the same errors."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Select, bindparam, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.events import EventKind
from crowd.store.db import transaction
from crowd.store.events import record
from crowd.store.models import Event
from crowd.store.prepared import Prepared, connection_of
from crowd.store.types import UtcDateTime
from tests.make import make_account

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
_EVENT = Event.__table__.c


def _since() -> Select[Any]:
    """A time, a word of an enum, an object and a truth value; a list of constants."""
    wanted = _EVENT.kind.in_([EventKind.BALLOT_CAST, EventKind.BALLOT_CHANGED])
    known = select(Account.is_admin).where(Account.id == _EVENT.actor_id).scalar_subquery()
    since = bindparam("since", type_=UtcDateTime())
    columns = (_EVENT.id, _EVENT.kind, _EVENT.at, _EVENT.data, _EVENT.reason, known.label("admin"))
    return select(*columns).where(wanted, _EVENT.at >= since).order_by(_EVENT.id)


def test_rows_are_those_of_the_toolkit(session: Session) -> None:
    account = make_account()
    with transaction() as write:
        for kind, number in (
            (EventKind.BALLOT_CAST, 1),
            (EventKind.BALLOT_WITHDRAWN, 2),
            (EventKind.BALLOT_CHANGED, 3),
        ):
            record(write, kind, now=NOON, actor_id=account.id, number=number)
    prepared = Prepared(_since)
    for _ in range(2):
        found = prepared.all(session, since=NOON)
        assert [tuple(row) for row in found] == [tuple(row) for row in session.execute(_since(), {"since": NOON})]
        assert [(row.kind, row.at, row.data["number"], row.reason, row.admin) for row in found] == [
            (EventKind.BALLOT_CAST, NOON, 1, None, False),
            (EventKind.BALLOT_CHANGED, NOON, 3, None, False),
        ]
    elsewhere = NOON.astimezone(timezone(timedelta(hours=2)))
    assert prepared.all(session, since=elsewhere) == prepared.all(session, since=NOON)
    assert prepared.first(session, since=NOON) == prepared.all(session, since=NOON)[0]
    assert prepared.first(session, since=NOON.replace(year=2027)) is None


def test_a_fault_is_told_as_the_toolkit_tells_it_without_values(session: Session) -> None:
    asked = Prepared(lambda: select(text("secret")).where(text("nowhere = :word")).select_from(Account.__table__))
    with pytest.raises(DBAPIError) as fault:
        asked.all(session, word="a password")
    session.rollback()
    assert "a password" not in str(fault.value)


def test_many_rows_are_written_as_the_toolkit_writes_them(session: Session) -> None:
    into = Prepared(lambda: insert(Event))
    rows = [
        {"kind": EventKind.BALLOT_CAST, "at": NOON, "data": {"number": number}, "reason": None} for number in (1, 2, 3)
    ]
    with transaction() as write:
        into.each(connection_of(write), rows)
        into.each(connection_of(write), [])
    written = session.scalars(select(Event).order_by(Event.id)).all()
    assert [(one.kind, one.at, one.data, one.reason, one.delivered_at) for one in written] == [
        (EventKind.BALLOT_CAST, NOON, {"number": number}, None, None) for number in (1, 2, 3)
    ]


def test_the_connection_is_that_of_the_transaction_under_way(session: Session) -> None:
    assert connection_of(session) is session.connection()
    with transaction() as write:
        assert connection_of(write) is write.connection()
    assert connection_of(session) is session.connection()
    session.rollback()
    assert connection_of(session) is session.connection()
