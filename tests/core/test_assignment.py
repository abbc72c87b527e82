"""Assignments against all there are, on instances small enough to list them."""

from collections.abc import Set as AbstractSet
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.core.assignment import Outcome, Problem, assign
from crowd.core.assignment import solve as solving
from crowd.core.assignment.problem import best_places
from tests.drawing import draws


def problem_of(
    affinity: list[list[float]], loads: list[int], wanted: int, conflicts: AbstractSet[tuple[int, int]] = frozenset()
) -> Problem:
    allowed = np.ones((len(affinity), len(loads)), dtype=np.bool_)
    for pair in conflicts:
        allowed[pair] = False
    matrix = np.array(affinity, dtype=float).reshape(len(affinity), len(loads))
    return Problem(matrix, allowed, np.array(loads), np.full(len(affinity), wanted), np.zeros(len(affinity)))


def by_listing(problem: Problem) -> tuple[int, float, float]:
    """Places filled, smallest sum, total: the best of all assignments."""
    proposals, reviewers = problem.shape
    choices = [
        [
            picked
            for size in range(int(problem.wanted[row]) + 1)
            for picked in combinations([r for r in range(reviewers) if problem.allowed[row, r]], size)
        ]
        for row in range(proposals)
    ]
    found = []
    for chosen in product(*choices):
        used = np.bincount([place for picked in chosen for place in picked], minlength=reviewers)
        if (used <= problem.loads).all():
            sums = [sum(problem.affinity[row, place] for place in picked) for row, picked in enumerate(chosen)]
            found.append((int(used.sum()), min(sums), sum(sums)))
    return max(found, key=lambda one: (one[0], round(one[1], 6), round(one[2], 6)))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    proposals, reviewers = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    value = st.one_of(st.integers(0, 5), st.integers(0, 100).map(lambda n: n / 100))
    affinity = draw(
        st.lists(st.lists(value, min_size=reviewers, max_size=reviewers), min_size=proposals, max_size=proposals)
    )
    loads = draw(st.lists(st.integers(0, 4), min_size=reviewers, max_size=reviewers))
    pairs = st.tuples(st.integers(0, proposals - 1), st.integers(0, reviewers - 1))
    return problem_of(affinity, loads, draw(st.integers(1, 3)), draw(st.sets(pairs, max_size=4)))


def figures(outcome: Outcome) -> tuple[Any, Any, Any]:
    return outcome.filled, pytest.approx(outcome.worst, abs=1e-6), pytest.approx(outcome.total, abs=1e-6)


def assert_lawful(problem: Problem, outcome: Outcome) -> None:
    assert not (outcome.chosen & ~problem.allowed).any()
    assert (outcome.chosen.sum(axis=0) <= problem.loads).all()
    assert (outcome.chosen.sum(axis=1) + outcome.missing == problem.wanted).all()
    assert (outcome.missing >= 0).all()


@draws(40)
@given(problems())
def test_no_assignment_of_all_there_are_is_better(problem: Problem) -> None:
    outcome = assign(problem)
    assert_lawful(problem, outcome)
    assert by_listing(problem) == figures(outcome)
    assert outcome.optimal
    assert assign(problem).chosen.tolist() == outcome.chosen.tolist()


@draws(40)
@given(problems())
def test_the_way_for_large_problems_fills_as_many_places_and_its_bounds_hold(problem: Problem) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solving, "SMALL", 0)
        outcome = assign(problem)
    filled, worst, total = by_listing(problem)
    assert_lawful(problem, outcome)
    assert outcome.filled == filled
    assert outcome.worst <= worst + 1e-6
    assert outcome.bounds.worst >= worst - 1e-6
    if outcome.optimal:
        assert (worst, total) == figures(outcome)[1:]


def test_the_worst_served_comes_before_the_total() -> None:
    outcome = assign(problem_of([[10, 4], [9, 1]], [1, 1], 1))
    assert (outcome.chosen.tolist(), outcome.worst, outcome.total) == ([[False, True], [True, False]], 4, 13)


def test_as_many_places_as_can_be_are_filled_whatever_they_are_worth() -> None:
    outcome = assign(problem_of([[9, 0], [9, 0]], [1, 1], 2))
    assert (outcome.filled, outcome.missing.sum()) == (2, 2)
    outcome = assign(problem_of([[9, 8], [9, 0]], [1, 2], 1, {(1, 1)}))
    assert (outcome.chosen.tolist(), outcome.missing.tolist()) == ([[False, True], [True, False]], [0, 0])


def test_what_a_proposal_has_already_counts_for_how_well_it_is_served() -> None:
    problem = problem_of([[3, 1], [3, 1]], [1, 1], 1)
    served = Problem(problem.affinity, problem.allowed, problem.loads, problem.wanted, np.array([5.0, 0.0]))
    assert assign(served).chosen.tolist() == [[False, True], [True, False]]


def test_a_middling_problem_is_solved_by_relaxation_and_proven() -> None:
    random = np.random.default_rng(5)
    outcome = assign(problem_of(random.random((300, 40)).tolist(), [24] * 40, 3))
    assert (outcome.filled, outcome.optimal) == (900, True)
    assert outcome.worst == pytest.approx(outcome.bounds.worst)
    assert outcome.total == pytest.approx(outcome.bounds.total, rel=1e-6)


@given(st.integers(0, 10_000), st.integers(1, 6))
def test_the_best_places_are_those_a_sort_gives_also_where_few_are_open(seed: int, depth: int) -> None:
    random = np.random.default_rng(seed)
    values = np.where(random.random((70, 7)) < 0.3, -np.inf, random.integers(0, 4, (70, 7)).astype(float))
    places = best_places(values, depth)
    assert [len(set(row)) for row in places.tolist()] == [depth] * 70
    found = np.take_along_axis(values, places, axis=1)
    assert found.tolist() == (-np.sort(-values, axis=1))[:, :depth].tolist()


def test_among_equals_not_all_choose_the_first() -> None:
    assert len(set(best_places(np.zeros((64, 40)), 1).ravel().tolist())) == 32


def test_nothing_to_assign_is_no_error() -> None:
    assert assign(problem_of([], [2], 1)).filled == 0
    assert assign(problem_of([[1.0]], [0], 1)).missing.tolist() == [1]
