"""A ballot while it is filled in: pairs, places, costs."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.core.rules import VotingMethod
from crowd.core.tally.choices import Choices, spent
from crowd.core.tally.drafting import Step, cost_of_next, moved, next_pair

NAMES = "abcdefg"


def test_whoever_was_asked_about_least_comes_next() -> None:
    assert next_pair("abcd", []) == ("a", "b")
    assert next_pair("abcd", [("b", "a")]) == ("c", "d")


def test_of_equals_those_closest_on_this_ballot_are_compared() -> None:
    winners_and_losers = [("a", "b"), ("c", "d")]
    assert next_pair("abcd", winners_and_losers) == ("a", "c")
    assert next_pair("abcd", [*winners_and_losers, ("a", "c")]) == ("b", "d")


def test_a_pair_that_could_not_be_decided_is_not_asked_again() -> None:
    assert next_pair("ab", [], [("b", "a")]) is None
    assert next_pair("a", []) is None
    assert next_pair("", []) is None


@given(st.integers(2, 7), st.randoms())
def test_every_pair_is_asked_once_and_nobody_falls_behind(count: int, random: object) -> None:
    listed = NAMES[:count]
    decided: list[tuple[str, str]] = []
    passed: list[tuple[str, str]] = []
    while (pair := next_pair(listed, decided, passed)) is not None:
        times = [sum(key in asked for asked in [*decided, *passed]) for key in listed]
        assert max(times) - min(times) <= 2
        one, other = pair
        if random.random() < 0.2:  # type: ignore[attr-defined]
            passed.append(pair)
        else:
            decided.append(pair if random.random() < 0.5 else (other, one))  # type: ignore[attr-defined]
    assert sorted(tuple(sorted(pair)) for pair in [*decided, *passed]) == list(combinations(listed, 2))


@pytest.mark.parametrize(
    ("key", "step", "after"),
    [
        ("d", Step.ADD, {"a": 1, "b": 2, "c": 3, "d": 4}),
        ("b", Step.ADD, {"a": 1, "b": 2, "c": 3}),
        ("b", Step.UP, {"b": 1, "a": 2, "c": 3}),
        ("a", Step.UP, {"a": 1, "b": 2, "c": 3}),
        ("b", Step.DOWN, {"a": 1, "c": 2, "b": 3}),
        ("c", Step.DOWN, {"a": 1, "b": 2, "c": 3}),
        ("b", Step.OFF, {"a": 1, "c": 2}),
        ("d", Step.OFF, {"a": 1, "b": 2, "c": 3}),
        ("c", Step.JOIN, {"a": 1, "b": 2, "c": 2}),
        ("a", Step.JOIN, {"a": 1, "b": 2, "c": 3}),
    ],
)
def test_places_are_moved_one_step_at_a_time(key: str, step: Step, after: dict[str, int]) -> None:
    assert moved({"a": 2, "b": 5, "c": 9, "d": 0}, key, step) == after


def test_one_that_shares_its_place_leaves_it_before_it_moves() -> None:
    shared = {"a": 1, "b": 1, "c": 2}
    assert moved(shared, "b", Step.UP) == {"b": 1, "a": 2, "c": 3}
    assert moved(shared, "a", Step.DOWN) == {"b": 1, "a": 2, "c": 3}
    assert moved(shared, "b", Step.OFF) == {"a": 1, "c": 2}


@given(st.dictionaries(st.sampled_from(NAMES), st.integers(1, 9)), st.sampled_from(NAMES), st.sampled_from(Step))
def test_whatever_is_moved_places_have_no_gaps_and_nobody_else_is_lost(
    places: dict[str, int], key: str, step: Step
) -> None:
    after = moved(places, key, step)
    assert sorted(set(after.values())) == list(range(1, len(set(after.values())) + 1))
    assert set(after) - {key} == set(places) - {key}


@given(st.integers(0, 100), st.sampled_from([VotingMethod.CUMULATIVE, VotingMethod.QUADRATIC]))
def test_the_next_vote_costs_what_the_ballot_then_has_spent_more(votes: int, method: VotingMethod) -> None:
    before, after = (spent(Choices({"a": number}), method) for number in (votes, votes + 1))
    assert after - before == cost_of_next(votes, method)
