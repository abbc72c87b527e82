"""Fast counts against the same rule written out plainly, on small elections full of ties; many more in `make soak`."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crowd.core.exact import exact
from crowd.core.tally.count import Lot
from crowd.core.tally.equal_shares import buy, market_of
from crowd.core.tally.equal_shares.purchases import Market, Run
from crowd.core.tally.profile import Kind
from tests.core.tally import naive, strategies
from tests.core.tally.naive import count, profile_of
from tests.core.tally.strategies import NAMES, of_kind

few = pytest.param(40, id="few")
many = pytest.param(3000, id="many", marks=[pytest.mark.soak, pytest.mark.timeout(1800)])
examples = pytest.mark.parametrize("examples", [few, many])


@examples
def test_scottish_stv(examples: int) -> None:
    @settings(max_examples=examples)
    @given(strategies.rankings())
    def holds(election: tuple[int, list[Any]]) -> None:
        size, ballots = election
        for seats in (1, 2, 3):
            found = count(profile_of(NAMES[:size], Kind.RANK, ballots), "stv-scottish", seats=seats)
            plain = naive.Scottish(size, ballots, seats)
            assert list(found.winners) == ([NAMES[place] for place in plain.elected] if found.ballots else [])
            assert [exact(found.scores[name]) * naive.UNIT for name in NAMES[:size]] == plain.votes
            assert {stage["quota"] for stage in found.rounds} == {plain.quota}

    holds()


@examples
def test_instant_runoff(examples: int) -> None:
    @settings(max_examples=examples)
    @given(strategies.rankings())
    def holds(election: tuple[int, list[Any]]) -> None:
        size, ballots = election
        found = count(profile_of(NAMES[:size], Kind.RANK, ballots), "irv")
        assert list(found.winners) == ([NAMES[naive.runoff(size, ballots)]] if ballots else [])

    holds()


@examples
def test_majority_judgment(examples: int) -> None:
    @settings(max_examples=examples)
    @given(strategies.numbers())
    def holds(election: tuple[int, list[list[int]]]) -> None:
        size, rows = election
        found = count(of_kind(Kind.GRADE, size, rows), "majority-judgment")
        values = {NAMES[place]: tuple(naive.medians([row[place] for row in rows])) for place in range(size)}
        assert [values[tied[0]] for tied in found.ranking] == sorted({tuple(value) for value in values.values()})
        assert all(values[name] == values[tied[0]] for tied in found.ranking for name in tied)

    holds()


@examples
def test_steps_left_out_by_equal_shares_would_have_bought_the_same(examples: int) -> None:
    @settings(max_examples=examples)
    @given(strategies.budgets(), st.integers(1, 60))
    def holds(election: tuple[list[frozenset[int]], list[Fraction], Fraction], scale: int) -> None:
        votes, costs, budget = election
        names = NAMES[: len(costs)]
        dear = [cost * scale for cost in costs]
        ballots = profile_of(names, Kind.APPROVE, votes).ballots[Kind.APPROVE]
        market = market_of(ballots, dear, Lot(tuple(names)))
        run, plain = buy(market, budget * scale), _step_by_step(market, budget * scale)
        assert (run.bought, run.each) == (plain.bought, plain.each)

    holds()


def _step_by_step(market: Market, budget: Fraction) -> Run:
    run = Run(market, budget / market.total).buy_all()
    while any(
        votes and project not in run.bought and run.spent + market.costs[project] <= budget
        for project, votes in enumerate(market.votes)
    ):
        richer = Run(market, run.each + 1).buy_all()
        if richer.spent > budget:
            break
        run = richer
    return run


def test_equal_shares_counts_in_billions_as_fast_as_in_units() -> None:
    votes = [(0, 1), (0,), (1, 2), (2,), (3,)]
    costs = [Fraction(cost) for cost in (3_000_000_000, 4_100_000_000, 2_000_000_001, 9_000_000_000)]
    found = count(profile_of("abcd", Kind.APPROVE, votes, costs=costs, budget=Fraction(10**10)), "pb-equal-shares")
    assert found.winners == ("c", "a", "b")
