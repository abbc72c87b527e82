"""What is counted: ballots in groups of equals, with numpy inside, the same value whatever order they came in.

Arrays are candidate by group: row c is what every group of ballots says of candidate c, in one run of memory.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from crowd.core.tally.greedy import Caps

Numbers = NDArray[np.integer[Any]]
Weights = NDArray[np.int64]

MOST_WEIGHT = 2**40
MOST_POINTS = 10**6
"""Together they keep every sum of points, and every vote in units of 1/100,000, within 63 bits."""

DEFAULT_GRADES = ("excellent", "very good", "good", "acceptable", "poor", "to reject")
"""The six words of Balinski and Laraki, best first."""


class Kind(StrEnum):
    """What a ballot says. The values are the keys of a ballot in a JSON profile."""

    APPROVE = "approve"
    RANK = "rank"
    SCORE = "score"
    POINTS = "points"
    GRADE = "grade"
    PAIR = "pair"


@dataclass(frozen=True)
class Candidate:
    id: str
    name: str = ""
    cost: Fraction | None = None


@dataclass(frozen=True, eq=False)
class Ballots:
    """Groups of equal ballots of one kind; `weights[g]` is how many ballots group g stands for.

    `values[c, g]`: approve 1 or 0 · score and points the number, 0 where blank · grade the place in the list of grades, best 0,
    a blank being the worst · rank the tier, best 1, then 2, 3 … without gaps, and the largest number of the type where unranked ·
    pair two rows instead: the place of the winner, the place of the loser.
    """

    kind: Kind
    values: Numbers
    weights: Weights

    @property
    def total(self) -> int:
        return int(self.weights.sum())

    @property
    def single(self) -> bool:
        """Every group is one ballot, so that counting groups is counting ballots."""
        return bool((self.weights == 1).all())

    def only(self, kept: NDArray[np.bool_]) -> Self:
        return type(self)(self.kind, self.values[:, kept], self.weights[kept])


@dataclass(frozen=True)
class Profile:
    """An election as read. `invalid` ballots name what is not listed or name something twice, and are in no group.

    What the file says of itself: `seats`, `budget`, `rule`, `threshold` (fewest votes), `caps`, `allowance` (points or credits per ballot).
    """

    candidates: tuple[Candidate, ...]
    ballots: Mapping[Kind, Ballots]
    invalid: int = 0
    grades: tuple[str, ...] = DEFAULT_GRADES
    seats: int | None = None
    budget: Fraction | None = None
    rule: str | None = None
    threshold: Fraction | None = None
    caps: Caps = field(default_factory=Caps)
    allowance: int | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(candidate.id for candidate in self.candidates)

    @property
    def read(self) -> int:
        """Every ballot, those of no group included."""
        return sum(ballots.total for ballots in self.ballots.values()) + self.invalid


def narrowest(largest: int) -> type[np.signedinteger[Any]]:
    """The smallest signed type whose largest number is above `largest`."""
    return next((kind for kind in (np.int8, np.int16, np.int32) if largest < np.iinfo(kind).max), np.int64)


def on_all_rows(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Per column: whether every row says yes."""
    found: NDArray[np.bool_] = np.logical_and.reduce(mask, axis=0)
    return found


def unranked(values: Numbers) -> int:
    return int(np.iinfo(values.dtype).max)


class Gathering:
    """Puts equal ballots together while they are read. A ballot is a tuple of places in the list of candidates, by kind:

    approve (0, 2) · rank ((0,), (1, 2)) · score, points, grade ((0, 5), (2, 1)) · pair (0, 1).
    """

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self.candidates = tuple(candidates)
        self.places = {candidate.id: place for place, candidate in enumerate(self.candidates)}
        self.groups: dict[Kind, dict[Any, int]] = {}
        self.invalid = 0

    def add(self, kind: Kind, ballot: Iterable[Any], weight: int = 1) -> None:
        """Count a well formed ballot. The order within a set of marks says nothing and is forgotten."""
        if weight:
            ordered = tuple(ballot) if kind in {Kind.RANK, Kind.PAIR} else tuple(sorted(ballot))
            group = self.groups.setdefault(kind, {})
            group[ordered] = group.get(ordered, 0) + weight

    def ballots(self, *, grades: int = len(DEFAULT_GRADES)) -> dict[Kind, Ballots]:
        """The groups as arrays, sorted. `grades`: how many there are, for blanks."""
        return {kind: self._of(kind, groups, grades) for kind, groups in sorted(self.groups.items())}

    def _of(self, kind: Kind, groups: Mapping[Any, int], grades: int) -> Ballots:
        keys = sorted(groups)
        weights = np.array([groups[key] for key in keys], dtype=np.int64)
        if kind is Kind.PAIR:
            return Ballots(kind, np.array(keys, dtype=np.int64).T.copy(), weights)
        entries = [(place, row, value) for row, key in enumerate(keys) for place, value in _entries(kind, key)]
        size = len(entries)
        rows, columns, values = (
            np.fromiter((entry[part] for entry in entries), dtype=np.int64, count=size) for part in range(3)
        )
        largest = max(int(np.abs(values).max(initial=0)), grades)
        matrix = np.zeros((len(self.candidates), len(keys)), dtype=narrowest(largest))
        if kind is Kind.RANK:
            matrix.fill(unranked(matrix))
        elif kind is Kind.GRADE:
            matrix.fill(grades - 1)
        matrix[rows, columns] = values
        return Ballots(kind, matrix, weights)


def _entries(kind: Kind, key: Any) -> Iterable[tuple[int, int]]:
    if kind is Kind.APPROVE:
        return ((place, 1) for place in key)
    if kind is Kind.RANK:
        return ((place, tier) for tier, places in enumerate(key, start=1) for place in places)
    return ((place, value) for place, value in key)
