"""Walking a list page by page meets every row once, whatever comes and goes meanwhile."""

import base64
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import BigInteger, Integer, String, delete, select
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from crowd.core.errors import InvalidInput
from crowd.store.db import transaction
from crowd.store.models import Attempt
from crowd.store.paging import Key, decode_cursor, encode_cursor, page_of
from crowd.store.types import UtcDateTime

START = datetime(2026, 5, 12, 18, tzinfo=UTC)
NEWEST_FIRST = [Key(Attempt.at.expression, descending=True), Key(Attempt.id.expression)]


def fill(count: int) -> None:
    """Five rows share each moment, so that the second key has to decide."""
    with transaction() as session:
        session.add_all(Attempt(key=f"{n}", at=START + timedelta(minutes=n // 5)) for n in range(count))


def walk(session: Session, size: int) -> list[str]:
    keys: list[str] = []
    cursor: str | None = None
    while True:
        page = page_of(session, select(Attempt), NEWEST_FIRST, cursor, size)
        keys += [row.key for row in page.items]
        cursor = page.next
        if cursor is None:
            return keys


def expected(count: int) -> list[str]:
    return [f"{n}" for n in sorted(range(count), key=lambda n: (-(n // 5), n))]


@pytest.mark.parametrize("size", [1, 4, 5, 22, 23, 24])
def test_a_walk_meets_every_row_once_in_order(session: Session, size: int) -> None:
    fill(23)
    assert walk(session, size) == expected(23)


def test_an_empty_list_has_one_empty_page(session: Session) -> None:
    assert page_of(session, select(Attempt), NEWEST_FIRST, None, 10).items == []


def test_rows_that_come_and_go_neither_repeat_nor_skip_the_others(session: Session) -> None:
    fill(20)
    first = page_of(session, select(Attempt), NEWEST_FIRST, None, 8)
    with transaction() as inside:
        inside.execute(delete(Attempt).where(Attempt.key == first.items[-1].key))
        inside.add(Attempt(key="new", at=START + timedelta(days=1)))
    second = page_of(session, select(Attempt), NEWEST_FIRST, first.next, 20)
    assert [row.key for row in second.items] == expected(20)[8:]


KINDS: list[TypeEngine[Any]] = [UtcDateTime(), Integer()]
FORGED = {
    "nothing": "",
    "noise": "x",
    "another alphabet": "é",
    "too few values": encode_cursor([START]),
    "other kinds": encode_cursor(["soon", "seven"]),
    "a mapping": encode_cursor([START, {}]),
    "nothing inside": encode_cursor([START, None]),
    "yes for a number": encode_cursor([START, True]),
    "a number beyond the column": encode_cursor([START, 2**40]),
    "a time before time": encode_cursor([datetime.min.replace(tzinfo=timezone(timedelta(hours=9))), 1]),
    "endless nesting": base64.urlsafe_b64encode(b"[" * 90_000).decode(),
}


@pytest.mark.parametrize("cursor", FORGED.values(), ids=FORGED.keys())
def test_a_cursor_nobody_made_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput):
        decode_cursor(cursor, KINDS)


def test_a_cursor_keeps_its_values() -> None:
    assert decode_cursor(encode_cursor([START, 7, "ñ"]), [UtcDateTime(), Integer(), String()]) == [START, 7, "ñ"]


def test_a_cursor_of_a_wide_column_keeps_wide_numbers() -> None:
    assert decode_cursor(encode_cursor([2**61, 7]), [BigInteger(), Integer()]) == [2**61, 7]
    with pytest.raises(InvalidInput):
        decode_cursor(encode_cursor([2**63, 7]), [BigInteger(), Integer()])


def test_a_cursor_with_a_zero_character_never_reaches_the_database() -> None:
    with pytest.raises(InvalidInput):
        decode_cursor(encode_cursor(["a\0"]), [String()])


def test_a_page_refuses_the_cursor_of_another_list(session: Session) -> None:
    with pytest.raises(InvalidInput):
        page_of(session, select(Attempt), NEWEST_FIRST, encode_cursor(["a", 7]), 5)
