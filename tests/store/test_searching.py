"""Full-text search finds every spelling of a word on both databases, and signs are only signs."""

import unicodedata

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.store.db import transaction
from crowd.store.models import SearchDocument
from crowd.store.search import (
    among_hits,
    fold,
    forget_text,
    hits,
    in_words,
    index_new,
    index_text,
    led_by_hits,
    matches,
)

TITLES = {
    1: "Señalización rápida en Peñíscola",
    2: "100% renewable under_scored",
    3: "A garden for the school's yard",
    4: "Straße nach Ødegård",
}


@pytest.fixture
def found(session: Session) -> "Finder":
    with transaction() as inside:
        for number, title in TITLES.items():
            index_text(inside, "proposal", number, title, "and some words of its own", within=70 + number % 2)
        index_text(inside, "call", 1, "Señalización of another noun", "")
    return Finder(session)


class Finder:
    """Finds by each of the ways to ask, which must agree."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def __call__(self, query: str, within: int | None = None) -> list[int]:
        session, id_ = self.session, SearchDocument.noun_id.expression
        every = select(id_).where(SearchDocument.noun == "proposal")
        some = hits(session, "proposal", query, within=within)
        joined = every.join(some, some.c.id == id_)
        asked = every.where(among_hits(session, "proposal", id_, query, within=within))
        led = every.where(led_by_hits(session, "proposal", id_, query, within=within))
        ways = [sorted(session.scalars(rows)) for rows in (joined, asked, led)]
        if within is None:
            ways.append(sorted(session.scalars(every.where(in_words("proposal", id_, query)))))
            ways.append(sorted(session.scalars(every.where(matches(session, "proposal", id_, query)))))
        assert ways == [ways[0]] * len(ways)
        return ways[0]


@pytest.mark.parametrize(
    "query",
    [
        "señalización",
        "senalizacion",
        "SEÑALIZACIÓN",
        unicodedata.normalize("NFD", "Señalización"),
        "señal",
        "rapida PENISCOLA",
        "peñís señ",
        "ÑALIZ",
        "on íscola",
    ],
)
def test_every_spelling_finds_it(found: Finder, query: str) -> None:
    assert found(query) == [1]


@pytest.mark.parametrize("query", ["%", "_", "' \" ;", "()", "*", "", "   ", "&|!:", "\0"])
def test_signs_alone_find_nothing(found: Finder, query: str) -> None:
    assert found(query) == []


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("100%", [2]),
        ("under_scored", [2]),
        ("school's", [3]),
        ('"garden" OR renewable', []),
        ("garden NOT yard", []),
        ("NEAR(garden yard)", []),
        ("strasse", [4]),
        ("words own", [1, 2, 3, 4]),
        ("words garden", [3]),
        ("arden", [3]),
        ("arden oo", [3]),
        ("ords", []),  # parts of words are found in titles only
        ("arden some", []),  # and either all in the title or all at the beginning of words
        ("\U0001e900\U0001e901", []),
        ("nowhere", []),
        ("x" * 5_000, []),
    ],
)
def test_words_are_words_and_never_commands(found: Finder, query: str, numbers: list[int]) -> None:
    assert found(query) == numbers


def test_what_lies_elsewhere_is_not_found_within(found: Finder) -> None:
    assert [found("words", within) for within in (70, 71, 72, None)] == [[2, 4], [1, 3], [], [1, 2, 3, 4]]
    assert [found("arden", within) for within in (70, 71)] == [[], [3]]
    assert [found(sign) for sign in ("#71", "+arden", "71")] == [[], [3], []]


def test_many_texts_are_found_as_one_is(found: Finder) -> None:
    with transaction() as session:
        index_new(session, "proposal", [(8, "Ñandú farm", "with birds"), (9, "x" * 300, "")], within=73)
    assert [found("andu", 73), found("birds"), found("x" * 300)] == [[8], [8], [9]]


def test_a_changed_text_is_found_by_its_new_words_only(found: Finder) -> None:
    with transaction() as session:
        index_text(session, "proposal", 3, "A pond", "with frogs")
    assert [found("garden"), found("frogs"), found("pond")] == [[], [3], [3]]


def test_a_forgotten_text_is_found_no_more(found: Finder) -> None:
    with transaction() as session:
        forget_text(session, "proposal", 3)
    assert found("garden") == []


def test_folding_twice_changes_nothing() -> None:
    assert [fold(fold(title)) for title in TITLES.values()] == [fold(title) for title in TITLES.values()]
