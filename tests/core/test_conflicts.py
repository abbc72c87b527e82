"""What ties a reviewer to a proposal, and what a tie does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.core.conflicts import (
    SOFT,
    ConflictKind,
    ConflictStatus,
    Entry,
    Person,
    Ties,
    blocks,
    domain_of,
    found,
    found_among,
    same_house,
)
from crowd.core.rules import ConflictPolicy

K = ConflictKind
AUTHOR = Person(1, frozenset({"ana@uni.example"}), frozenset({7}))
ENTRY = Entry(10, (AUTHOR,), frozenset({1, 2}), frozenset({"ana@uni.example", "invited@elsewhere.example"}))


def person(account: int | None = 5, email: str = "noor@far.example", *organizations: int) -> Person:
    return Person(account, frozenset({email}), frozenset(organizations))


@pytest.mark.parametrize(
    ("reviewer", "ties", "kinds"),
    [
        (person(), Ties(), set()),
        (person(1), Ties(), {K.AUTHORSHIP}),
        (person(2), Ties(), {K.AUTHORSHIP}),
        (person(None, "invited@elsewhere.example"), Ties(), {K.AUTHORSHIP}),
        (person(5, "noor@far.example", 7), Ties(), {K.ORGANIZATION}),
        (person(5, "noor@uni.example"), Ties(), {K.EMAIL_DOMAIN}),
        (person(5, "noor@physics.uni.example"), Ties(), {K.EMAIL_DOMAIN}),
        (person(5, "noor@otheruni.example"), Ties(), set()),
        (person(), Ties(coauthors=frozenset({1})), {K.COAUTHOR}),
        (person(), Ties(coauthors=frozenset({2})), set()),
        (person(), Ties(invitations=frozenset({1})), {K.INVITATION}),
        (person(), Ties(asked_into=frozenset({10})), {K.INVITATION}),
        (person(), Ties(commented=frozenset({10}), voted=frozenset({10})), {K.COMMENT, K.VOTE}),
        (person(), Ties(commented=frozenset({11})), set()),
    ],
)
def test_each_tie_is_found_for_what_it_is(reviewer: Person, ties: Ties, kinds: set[ConflictKind]) -> None:
    assert found(reviewer, ties, ENTRY) == kinds


def test_an_authors_other_ties_are_not_told_beside_it() -> None:
    assert found(person(1, "noor@uni.example", 7), Ties(commented=frozenset({10})), ENTRY) == {K.AUTHORSHIP}


def test_public_mail_providers_are_nobodys_house() -> None:
    assert [
        domain_of(email) for email in ("a@gmail.com", "b@Outlook.com", "c@uni.example", "nobody", "x@localhost")
    ] == [
        None,
        None,
        "uni.example",
        None,
        None,
    ]
    assert [same_house("uni.example", other) for other in ("uni.example", "a.b.uni.example", "muni.example")] == [
        True,
        True,
        False,
    ]


def test_authorship_always_blocks_and_the_policy_decides_about_what_nobody_looked_at() -> None:
    table = {
        (kind, status): [blocks(kind, status, policy) for policy in (ConflictPolicy.WARN, ConflictPolicy.BLOCK)]
        for kind in (K.AUTHORSHIP, K.COMMENT)
        for status in ConflictStatus
    }
    assert table == {
        **{(K.AUTHORSHIP, status): [True, True] for status in ConflictStatus},
        (K.COMMENT, ConflictStatus.OPEN): [False, True],
        (K.COMMENT, ConflictStatus.CONFIRMED): [True, True],
        (K.COMMENT, ConflictStatus.SET_ASIDE): [False, False],
        (K.COMMENT, ConflictStatus.TAKEN_BACK): [False, False],
    }
    assert set(SOFT) == set(K) - {K.AUTHORSHIP, K.STATED}


IDS = st.frozensets(st.integers(1, 4), max_size=2)
EMAILS = st.sampled_from(["a@uni.example", "b@x.uni.example", "c@y.example", "d@x.y.example", "e@gmail.com"])
PEOPLE = st.builds(Person, st.one_of(st.none(), st.integers(1, 4)), st.frozensets(EMAILS, max_size=2), IDS)
ENTRIES = st.builds(
    Entry, st.integers(10, 13), st.tuples(PEOPLE) | st.tuples(PEOPLE, PEOPLE), IDS, st.frozensets(EMAILS, max_size=2)
)
NUMBERS = st.frozensets(st.integers(9, 13), max_size=2)
TIES = st.builds(Ties, IDS, IDS, NUMBERS, NUMBERS, NUMBERS)


@given(st.lists(st.tuples(PEOPLE, TIES), max_size=4), st.lists(ENTRIES, max_size=4, unique_by=lambda entry: entry.id))
def test_looking_at_many_at_once_finds_what_looking_at_each_pair_finds(
    reviewers: list[tuple[Person, Ties]], entries: list[Entry]
) -> None:
    numbered = dict(enumerate(reviewers))
    one_by_one = {
        (key, entry.id): found(reviewer, ties, entry)
        for key, (reviewer, ties) in numbered.items()
        for entry in entries
        if found(reviewer, ties, entry)
    }
    assert found_among(numbered, entries) == one_by_one
