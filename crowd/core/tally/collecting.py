"""Ballots of one round, one after another, into arrays: no object per ballot stays, so a million fit beside everything else.

A ballot that breaks the rules of the round is invalid, judged by the candidates as they were listed. Then those struck off since are
taken out of it, and it stays valid: a mark, a score or points for them fall away, in a ranking the others move up.
"""

from array import array
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crowd.core.tally.ballots import HIGHEST_SCORE
from crowd.core.tally.profile import MOST_POINTS, Ballots, Kind, Numbers, Weights, narrowest, unranked

CHUNK = 1 << 16
Entries = list[tuple[int, int]]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Bounds:
    """What a ballot may say. `places`: of each listed candidate, its place among those that run; None once struck off.

    `max_choices`: how many it may mark, rank, give more than 0 or better than the worst grade.
    """

    kind: Kind
    places: Mapping[str, int | None]
    running: int
    max_choices: int | None = None
    allowance: int | None = None
    squared: bool = False
    grades: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Collected:
    """`values` as in `Ballots`, a column per ballot. Of comparisons `of`: the ballot that each column belongs to."""

    kind: Kind
    values: Numbers
    members: Flags
    excluded: Flags
    invalid: int
    invalid_excluded: int
    of: NDArray[np.int64] | None = None

    def kept(self, *, with_excluded: bool) -> "Collected":
        """All ballots, or those not excluded."""
        if with_excluded:
            return self
        if not self.excluded.any():
            return Collected(self.kind, self.values, self.members, self.excluded, self.invalid, 0, self.of)
        kept = ~self.excluded
        columns = kept if self.of is None else kept[self.of]
        of = None if self.of is None else (np.cumsum(kept) - 1)[self.of[columns]]
        return Collected(
            self.kind, self.values[:, columns], self.members[kept], self.excluded[kept], self.invalid, 0, of
        )

    @property
    def all_invalid(self) -> int:
        return self.invalid + self.invalid_excluded

    @property
    def number(self) -> int:
        return len(self.members)

    def ballots(self, weights: Weights | None = None) -> Ballots:
        if weights is None:
            weights = np.ones(self.values.shape[1], dtype=np.int64)
        return Ballots(self.kind, self.values, weights)


class Collector:
    """Takes ballots in, chunk by chunk."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self._read = _READERS[bounds.kind]
        self._places, self._values, self._lengths = array("i"), array("i"), array("i")
        self._members, self._excluded = bytearray(), bytearray()
        self._invalid = [0, 0]
        self._chunks: list[Numbers] = []
        self._of: list[NDArray[np.int64]] = []

    def add(self, choices: Any, *, member: bool = False, excluded: bool = False) -> None:
        """ValueError for choices that have not even the form of a ballot of this kind."""
        try:
            entries = self._read(choices, self.bounds)
        except (AttributeError, TypeError) as error:
            raise ValueError(f"these are no choices of the kind {self.bounds.kind.value}") from error
        if entries is None:
            self._invalid[excluded] += 1
            return
        self._places.extend([place for place, _ in entries])
        self._values.extend([value for _, value in entries])
        self._lengths.append(len(entries))
        self._members.append(member)
        self._excluded.append(excluded)
        if len(self._lengths) == CHUNK:
            self._put_away()

    def collected(self) -> Collected:
        self._put_away()
        pairs = self.bounds.kind is Kind.PAIR
        values = np.concatenate(self._chunks, axis=1)
        return Collected(
            self.bounds.kind,
            values,
            np.frombuffer(bytes(self._members), dtype=np.bool_),
            np.frombuffer(bytes(self._excluded), dtype=np.bool_),
            self._invalid[0],
            self._invalid[1],
            np.concatenate(self._of) if pairs else None,
        )

    def _put_away(self) -> None:
        many = len(self._lengths)
        columns = np.repeat(np.arange(many, dtype=np.int64), np.array(self._lengths, dtype=np.int64))
        places, values = np.array(self._places, dtype=np.int64), np.array(self._values, dtype=np.int64)
        if self.bounds.kind is Kind.PAIR:
            self._chunks.append(np.stack([places, values]))
            self._of.append(columns + len(self._members) - many)
        else:
            self._chunks.append(self._matrix(places, columns, values, many))
        self._places, self._values, self._lengths = array("i"), array("i"), array("i")

    def _matrix(
        self, places: NDArray[np.int64], columns: NDArray[np.int64], values: NDArray[np.int64], many: int
    ) -> Numbers:
        bounds = self.bounds
        most = {Kind.RANK: bounds.running, Kind.GRADE: len(bounds.grades)}.get(bounds.kind, int(values.max(initial=0)))
        matrix = np.zeros((bounds.running, many), dtype=narrowest(most))
        if bounds.kind is Kind.RANK:
            matrix.fill(unranked(matrix))
        elif bounds.kind is Kind.GRADE:
            matrix.fill(len(bounds.grades) - 1)
        matrix[places, columns] = values
        return matrix


Reader = Callable[[Any, Bounds], Entries | None]


def _known(names: Sequence[str], bounds: Bounds) -> bool:
    return len(set(names)) == len(names) and bounds.places.keys() >= set(names)


def _too_many(number: int, bounds: Bounds) -> bool:
    return bounds.max_choices is not None and number > bounds.max_choices


def _placed(given: Iterable[tuple[str, int]], bounds: Bounds) -> Entries:
    return [(place, value) for name, value in given if (place := bounds.places[name]) is not None]


def _formed(choices: Any, form: type) -> Any:
    if type(choices) is not form:
        raise TypeError
    return choices


def _approve(choices: Any, bounds: Bounds) -> Entries | None:
    marks = _formed(choices, list)
    if not _known(marks, bounds) or _too_many(len(marks), bounds):
        return None
    return [(place, 1) for name in marks if (place := bounds.places[name]) is not None]


def _rank(choices: Any, bounds: Bounds) -> Entries | None:
    tiers = [_formed(tier, list) for tier in _formed(choices, list)]
    names = [name for tier in tiers for name in tier]
    if not _known(names, bounds) or _too_many(len(names), bounds):
        return None
    placed = [places for tier in tiers if (places := _placed(((name, 0) for name in tier), bounds))]
    return [(place, rank) for rank, tier in enumerate(placed, start=1) for place, _ in tier]


def _whole(values: Collection[Any], most: int) -> bool:
    return all(type(value) is int and 0 <= value <= most for value in values)


def _score(choices: Any, bounds: Bounds) -> Entries | None:
    given = _formed(choices, dict)
    if not _known(list(given), bounds) or not _whole(given.values(), HIGHEST_SCORE):
        return None
    if _too_many(sum(value > 0 for value in given.values()), bounds):
        return None
    return _placed(given.items(), bounds)


def _points(choices: Any, bounds: Bounds) -> Entries | None:
    given = _formed(choices, dict)
    if not _known(list(given), bounds) or not _whole(given.values(), MOST_POINTS):
        return None
    spent = sum(value * value if bounds.squared else value for value in given.values())
    if bounds.allowance is not None and spent > bounds.allowance:
        return None
    if _too_many(sum(value > 0 for value in given.values()), bounds):
        return None
    return _placed(given.items(), bounds)


def _grade(choices: Any, bounds: Bounds) -> Entries | None:
    given = _formed(choices, dict)
    if not _known(list(given), bounds) or not bounds.grades.keys() >= set(given.values()):
        return None
    if _too_many(sum(bounds.grades[word] < len(bounds.grades) - 1 for word in given.values()), bounds):
        return None
    return _placed(((name, bounds.grades[word]) for name, word in given.items()), bounds)


def _pairs(choices: Any, bounds: Bounds) -> Entries | None:
    found = []
    for pair in _formed(choices, list):
        if len(_formed(pair, list)) != 2:
            raise TypeError
        if not _known(pair, bounds):
            return None
        winner, loser = (bounds.places[name] for name in pair)
        if winner is not None and loser is not None:
            found.append((winner, loser))
    return found


_READERS: Mapping[Kind, Reader] = {
    Kind.APPROVE: _approve,
    Kind.RANK: _rank,
    Kind.SCORE: _score,
    Kind.POINTS: _points,
    Kind.GRADE: _grade,
    Kind.PAIR: _pairs,
}
