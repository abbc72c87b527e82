"""Requests of several people in one test stay apart."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from tests.conftest import AsUser, CountQueries
from tests.make import make_account

pytestmark = pytest.mark.one_database


def test_two_people_are_seen_as_two_and_a_visitor_as_nobody(session: Session, as_user: AsUser) -> None:
    ana, bo = make_account("Ana Prieto"), make_account("Bo Lind")
    pages = [as_user(person).get("/").text for person in (ana, bo, ana)]
    assert ["Ana Prieto" in page for page in pages] == [True, False, True]
    assert ["Bo Lind" in page for page in pages] == [False, True, False]


def test_a_blocked_person_is_signed_out(session: Session, as_user: AsUser, now: datetime) -> None:
    ana = make_account("Ana Prieto")
    client = as_user(ana)
    ana.blocked_at = now
    session.commit()
    assert "Ana Prieto" not in client.get("/").text


def test_who_is_there_and_what_waits_costs_few_queries(
    session: Session, as_user: AsUser, count_queries: CountQueries
) -> None:
    client = as_user(make_account("Ana Prieto"))
    with count_queries() as statements:
        page = client.get("/nothing-here")
    assert (page.status_code, "Ana Prieto" in page.text) == (404, True)
    assert len(statements) <= 5
