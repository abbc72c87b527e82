"""Full-text search finds every spelling of a word on both databases, and signs are only signs."""

import unicodedata

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.store.db import transaction
from crowd.store.models import SearchDocument
from crowd.store.search import fold, forget_text, index_text, matches

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
            index_text(inside, "proposal", number, title, "and some words of its own")
        index_text(inside, "call", 1, "Señalización of another noun", "")
    return Finder(session)


class Finder:
    def __init__(self, session: Session) -> None:
        self.session = session

    def __call__(self, query: str) -> list[int]:
        condition = matches(self.session, "proposal", SearchDocument.noun_id.expression, query)
        rows = select(SearchDocument.noun_id).where(SearchDocument.noun == "proposal", condition)
        return sorted(self.session.scalars(rows))


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
        ("nowhere", []),
        ("x" * 5_000, []),
    ],
)
def test_words_are_words_and_never_commands(found: Finder, query: str, numbers: list[int]) -> None:
    assert found(query) == numbers


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
