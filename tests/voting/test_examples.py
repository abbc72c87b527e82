"""The examples of the ballot pages say what our own count says."""

from fractions import Fraction

import pytest

from crowd.core.tally.count import Terms
from crowd.core.tally.methods import tally
from crowd.core.tally.profile import Candidate, Gathering, Kind, Profile

pytestmark = pytest.mark.one_database

B, P, S, F = range(4)
NAMES = ("bench", "pond", "swing", "fountain")
EXCELLENT, VERY_GOOD, GOOD, ACCEPTABLE, POOR = range(5)
COSTS = {"pb-greedy": (50, 70, 30, None), "pb-equal-shares": (1000, 45, 30, 45)}


def profile(kind: Kind, ballots: list[tuple[int, object]], costs: tuple[int | None, ...]) -> Profile:
    candidates = tuple(
        Candidate(name, cost=None if cost is None else Fraction(cost))
        for name, cost in zip(NAMES, costs, strict=True)
        if cost is not None or not any(costs)
    )
    gathering = Gathering(candidates[: 4 if any(costs) else 3])
    for weight, ballot in ballots:
        gathering.add(kind, ballot, weight)  # type: ignore[arg-type]
    return Profile(gathering.candidates, gathering.ballots())


@pytest.mark.parametrize(
    ("method", "kind", "ballots", "terms", "winners"),
    [
        ("approval", Kind.APPROVE, [(1, (B, P)), (1, (P,)), (1, (P, S))], Terms(), ["pond"]),
        ("score", Kind.SCORE, [(1, ((B, 5), (P, 4))), (1, ((P, 3),)), (1, ((B, 1), (P, 2)))], Terms(), ["pond"]),
        (
            "star",
            Kind.SCORE,
            [(1, ((B, 5), (P, 4))), (1, ((B, 5),)), (3, ((P, 5), (B, 4)))],
            Terms(),
            ["pond"],
        ),
        ("irv", Kind.RANK, [(4, ((B,),)), (3, ((P,),)), (2, ((S,), (P,)))], Terms(), ["pond"]),
        ("stv-scottish", Kind.RANK, [(6, ((B,), (P,))), (3, ((S,),))], Terms(seats=2), ["bench", "swing"]),
        (
            "schulze",
            Kind.RANK,
            [(2, ((B,), (P,), (S,))), (2, ((S,), (P,), (B,))), (1, ((P,), (S,), (B,)))],
            Terms(),
            ["pond"],
        ),
        (
            "majority-judgment",
            Kind.GRADE,
            [
                (1, ((P, EXCELLENT), (B, EXCELLENT))),
                (1, ((P, VERY_GOOD), (B, EXCELLENT))),
                (1, ((P, GOOD), (B, ACCEPTABLE))),
                (1, ((P, GOOD), (B, POOR))),
                (1, ((P, POOR), (B, POOR))),
            ],
            Terms(),
            ["pond"],
        ),
        ("cumulative", Kind.POINTS, [(1, ((B, 10),)), (1, ((P, 6), (S, 4))), (1, ((P, 5), (S, 5)))], Terms(), ["pond"]),
        ("quadratic", Kind.POINTS, [(1, ((B, 4),)), (2, ((P, 3), (S, 2)))], Terms(), ["pond"]),
        (
            "pb-greedy",
            Kind.APPROVE,
            [(9, (P,)), (8, (B,)), (5, (S,))],
            Terms(budget=Fraction(100)),
            ["pond", "swing"],
        ),
        (
            "pb-greedy",
            Kind.APPROVE,
            [(9, (P,)), (8, (B,)), (5, (S,))],
            Terms(budget=Fraction(100), rule="greedy-no-skip"),
            ["pond"],
        ),
        (
            "pb-equal-shares",
            Kind.APPROVE,
            [(6, (P, F)), (3, (S,))],
            Terms(budget=Fraction(90)),
            ["pond", "swing"],
        ),
        ("bradley-terry", Kind.PAIR, [(80, (P, B)), (20, (B, P)), (70, (B, S)), (30, (S, B))], Terms(), ["pond"]),
    ],
)
def test_the_example_of_each_method_is_counted_as_it_is_told(
    method: str, kind: Kind, ballots: list[tuple[int, object]], terms: Terms, winners: list[str]
) -> None:
    count = tally(profile(kind, ballots, COSTS.get(method, (None,) * 4)), method, terms)
    assert sorted(count.winners) == winners
