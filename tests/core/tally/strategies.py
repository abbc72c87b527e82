"""Elections for hypothesis: small enough to be full of ties."""

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from crowd.core.tally.profile import Kind, Profile
from tests.core.tally.naive import profile_of

NAMES = "abcdef"
sizes = st.integers(1, len(NAMES))


@st.composite
def tiers(draw: st.DrawFn, size: int, *, shared: bool) -> tuple[tuple[int, ...], ...]:
    """A ranking of some of the candidates, with tiers that several share if `shared`."""
    order = draw(st.permutations(range(size)))[: draw(st.integers(0, size))]
    cuts = draw(st.lists(st.booleans(), min_size=len(order), max_size=len(order))) if shared else [True] * len(order)
    found: list[list[int]] = []
    for place, begins in zip(order, cuts, strict=True):
        if begins or not found:
            found.append([])
        found[-1].append(place)
    return tuple(tuple(sorted(tier)) for tier in found)


@st.composite
def rankings(draw: st.DrawFn, *, shared: bool = True) -> tuple[int, list[Any]]:
    size = draw(sizes)
    return size, draw(st.lists(tiers(size, shared=shared), max_size=12))


@st.composite
def numbers(draw: st.DrawFn, lowest: int = 0, highest: int = 5) -> tuple[int, list[list[int]]]:
    """A number from everybody for everybody."""
    size = draw(sizes)
    row = st.lists(st.integers(lowest, highest), min_size=size, max_size=size)
    return size, draw(st.lists(row, max_size=12))


@st.composite
def budgets(draw: st.DrawFn) -> tuple[list[frozenset[int]], list[Fraction], Fraction]:
    """Ballots of marks, costs, a budget."""
    size = draw(sizes)
    votes = draw(st.lists(st.frozensets(st.integers(0, size - 1)), min_size=1, max_size=8))
    costs = draw(st.lists(st.fractions(0, 12, max_denominator=2), min_size=size, max_size=size))
    return votes, costs, Fraction(draw(st.integers(0, 30)))


def entered(rows: list[list[int]]) -> list[tuple[tuple[int, int], ...]]:
    return [tuple(enumerate(row)) for row in rows]


def of_kind(kind: Kind, size: int, rows: list[list[int]]) -> Profile:
    return profile_of(NAMES[:size], kind, entered(rows))
