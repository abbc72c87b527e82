"""What must hold of every count, whatever the ballots; a few elections each, many in `make soak`."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crowd.core.exact import exact
from crowd.core.rules import BUDGET_METHODS
from crowd.core.tally.choices import KIND_OF
from crowd.core.tally.count import Count
from crowd.core.tally.methods import METHODS
from crowd.core.tally.profile import Kind, Profile
from tests.core.tally import strategies
from tests.core.tally.naive import count, profile_of
from tests.core.tally.strategies import NAMES

few = pytest.param(15, id="few")
many = pytest.param(1500, id="many", marks=[pytest.mark.soak, pytest.mark.timeout(1800)])
examples = pytest.mark.parametrize("examples", [few, many])
BY_TOTALS = ("approval", "score", "cumulative", "quadratic")


@st.composite
def ballots_for(draw: st.DrawFn, method: str) -> tuple[int, list[Any]]:
    kind, size = KIND_OF[method], draw(st.integers(2, 5))
    places = st.integers(0, size - 1)
    one: st.SearchStrategy[Any] = {
        Kind.APPROVE: st.frozensets(places).map(lambda marks: tuple(sorted(marks))),
        Kind.RANK: strategies.tiers(size, shared=True),
        Kind.SCORE: st.lists(st.integers(0, 5), min_size=size, max_size=size).map(lambda row: tuple(enumerate(row))),
        Kind.POINTS: st.lists(st.integers(0, 9), min_size=size, max_size=size).map(lambda row: tuple(enumerate(row))),
        Kind.GRADE: st.lists(st.integers(0, 5), min_size=size, max_size=size).map(lambda row: tuple(enumerate(row))),
        Kind.PAIR: st.permutations(range(size)).map(lambda order: tuple(order[:2])),
    }[kind]
    return size, draw(st.lists(one, max_size=10))


def profile(method: str, names: str, ballots: list[Any]) -> Profile:
    money: dict[str, Any] = (
        {"costs": range(2, 2 + len(names)), "budget": Fraction(7)} if method in BUDGET_METHODS else {}
    )
    return profile_of(names, KIND_OF[method], ballots, **money)


@examples
@pytest.mark.parametrize("method", METHODS)
def test_the_order_of_ballots_and_the_names_of_candidates_change_nothing(method: str, examples: int) -> None:
    @settings(max_examples=examples)
    @given(ballots_for(method), st.randoms(use_true_random=False))
    def holds(election: tuple[int, list[Any]], rng: Any) -> None:
        size, ballots = election
        found = count(profile(method, NAMES[:size], ballots), method)
        assert count(profile(method, NAMES[:size], rng.sample(ballots, len(ballots))), method) == found
        other = count(profile(method, "uvwxyz"[:size], ballots), method)
        assert _renamed(found, dict(zip(NAMES, "uvwxyz", strict=False))) == _outcome(other)

    holds()


def _outcome(found: Count) -> Any:
    return found.winners, found.ranking, dict(found.scores), [(tie.candidates, tie.chosen) for tie in found.ties]


def _renamed(found: Count, names: dict[str, str]) -> Any:
    def of(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(names[name] for name in ids)

    ties = [(of(tie.candidates), of(tie.chosen)) for tie in found.ties]
    scores = {names[name]: score for name, score in found.scores.items()}
    return of(found.winners), tuple(of(tied) for tied in found.ranking), scores, ties


@examples
@pytest.mark.parametrize("method", sorted(METHODS.keys() - {"irv", "stv-scottish", "bradley-terry"} - BUDGET_METHODS))
def test_no_place_on_the_list_is_better_than_another(method: str, examples: int) -> None:
    """Neutrality: with the candidates in another order the ranking is the same, ties as sets."""

    @settings(max_examples=examples)
    @given(ballots_for(method))
    def holds(election: tuple[int, list[Any]]) -> None:
        size, ballots = election
        found = count(profile(method, NAMES[:size], ballots), method)
        turned = [_turned(KIND_OF[method], ballot, size) for ballot in ballots]
        other = count(profile(method, NAMES[:size][::-1], turned), method)
        if method != "star" or not (found.ties or other.ties):
            assert [set(tied) for tied in found.ranking] == [set(tied) for tied in other.ranking]
        assert dict(found.scores) == dict(other.scores)

    holds()


def _turned(kind: Kind, ballot: Any, size: int) -> Any:
    if kind is Kind.APPROVE:
        return tuple(size - 1 - place for place in ballot)
    if kind is Kind.RANK:
        return tuple(tuple(size - 1 - place for place in tier) for tier in ballot)
    return tuple((size - 1 - place, value) for place, value in ballot)


@examples
@pytest.mark.parametrize("method", [*BY_TOTALS, "schulze", "majority-judgment"])
def test_more_support_never_harms(method: str, examples: int) -> None:
    """Monotonicity: the winner, lifted on one ballot, still wins (is still in the first tier)."""

    @settings(max_examples=examples)
    @given(ballots_for(method), st.integers(0, 99))
    def holds(election: tuple[int, list[Any]], chosen: int) -> None:
        size, ballots = election
        if not ballots:
            return
        best = count(profile(method, NAMES[:size], ballots), method).ranking[0][0]
        lifted = list(ballots)
        lifted[chosen % len(ballots)] = _lifted(KIND_OF[method], ballots[chosen % len(ballots)], NAMES.index(best))
        assert best in count(profile(method, NAMES[:size], lifted), method).ranking[0]

    holds()


def _lifted(kind: Kind, ballot: Any, place: int) -> Any:
    if kind is Kind.APPROVE:
        return tuple(sorted({*ballot, place}))
    if kind is Kind.RANK:
        rest = (tuple(other for other in tier if other != place) for tier in ballot)
        return ((place,), *(tier for tier in rest if tier))
    best = 0 if kind is Kind.GRADE else 9 if kind is Kind.POINTS else 5
    return tuple(sorted({**dict(ballot), place: best}.items()))


@examples
def test_schulze_elects_who_beats_everybody(examples: int) -> None:
    @settings(max_examples=examples)
    @given(strategies.rankings())
    def holds(election: tuple[int, list[Any]]) -> None:
        size, ballots = election
        found = count(profile_of(NAMES[:size], Kind.RANK, ballots), "schulze")
        duels = found.rounds[0]["preferences"]
        for name in NAMES[:size]:
            if ballots and all(duels[name][other] > duels[other][name] for other in NAMES[:size] if other != name):
                assert found.ranking[0] == (name,)

    holds()


@examples
def test_scottish_stv_loses_no_vote_and_elects_with_a_quota(examples: int) -> None:
    @settings(max_examples=examples)
    @given(strategies.rankings(), st.integers(1, 4))
    def holds(election: tuple[int, list[Any]], seats: int) -> None:
        size, ballots = election
        found = count(profile_of(NAMES[:size], Kind.RANK, ballots), "stv-scottish", seats=seats)
        for stage in found.rounds:
            lost = exact(stage["non_transferable"]) + exact(stage["lost_by_rounding"])
            assert sum(map(exact, stage["votes"].values())) + lost == found.ballots
            assert all(exact(stage["votes"][name]) >= stage["quota"] for name in stage["elected"])
        assert not found.ballots or len(found.winners) == min(seats, size)
        assert sorted(name for tied in found.ranking for name in tied) == list(NAMES[:size])

    holds()


@examples
@pytest.mark.parametrize("method", sorted(BUDGET_METHODS))
def test_a_budget_is_never_overspent(method: str, examples: int) -> None:
    @settings(max_examples=examples)
    @given(strategies.budgets())
    def holds(election: tuple[list[frozenset[int]], list[Fraction], Fraction]) -> None:
        votes, costs, budget = election
        found = count(profile_of(NAMES[: len(costs)], Kind.APPROVE, votes, costs=costs, budget=budget), method)
        spent = sum(costs[NAMES.index(name)] for name in found.winners)
        assert spent <= budget
        assert all(
            costs[NAMES.index(name)] > budget - spent for name in NAMES[: len(costs)] if name not in found.winners
        )

    holds()


@examples
def test_what_equal_shares_buys_has_a_price_system(examples: int) -> None:
    """Priceability: nobody pays more than they have, or for what they did not vote for, and the payments make up each cost."""

    @settings(max_examples=examples)
    @given(strategies.budgets())
    def holds(election: tuple[list[frozenset[int]], list[Fraction], Fraction]) -> None:
        votes, costs, budget = election
        found = count(
            profile_of(NAMES[: len(costs)], Kind.APPROVE, votes, costs=costs, budget=budget), "pb-equal-shares"
        )
        bought = [step for step in found.rounds if step["act"] == "equal_shares"]
        left = [exact(bought[0]["each_had"])] * len(votes) if bought else []
        for step in bought:
            project = NAMES.index(step["candidate"])
            fans = sorted((voter for voter, vote in enumerate(votes) if project in vote), key=lambda voter: left[voter])
            missing = costs[project]
            for place, voter in enumerate(fans):
                paid = min(left[voter], missing / (len(fans) - place))
                left[voter] -= paid
                missing -= paid
            assert missing == 0
            assert min(left) >= 0

    holds()
