"""What a count says: exact totals per candidate, the same for every order of the ballots."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from typing import Any

from crowd.core.rules import VotingMethod

Text = tuple[str, str, bool | None]
"""Of a ballot: its key, its choices as JSON, and whether a member cast it."""


@dataclass(frozen=True)
class Undecided:
    """How many ballots could not say which of two is better, by their reasons."""

    pair: tuple[str, str]
    whys: Mapping[str, int]

    @property
    def ballots(self) -> int:
        return sum(self.whys.values())


@dataclass(frozen=True)
class Line:
    """One candidate's count. `points[s]` is the number of ballots giving s; a candidate left blank was given 0.

    `total` is what candidates are compared by: the sum of votes or points, else how many the count places below.
    `points` are kept where ballots are marks or scores and all weigh the same.
    """

    candidate: str
    total: Fraction
    votes: int  # ballots naming it: marked, ranked, given more than 0 or better than the worst grade
    points: tuple[int, ...]

    @property
    def ballots(self) -> int:
        return sum(self.points)

    @property
    def mean(self) -> Fraction | None:
        """Over every valid ballot, blanks as 0; None without ballots."""
        return self.total / self.ballots if self.ballots else None

    @property
    def median(self) -> Fraction | None:
        """Over every valid ballot; of an even number, the mean of the middle two."""
        if not self.ballots:
            return None
        low, high = (self.ballots - 1) // 2, self.ballots // 2
        return Fraction(self._at(low) + self._at(high), 2)

    def _at(self, position: int) -> int:
        seen = 0
        for score, count in enumerate(self.points):
            seen += count
            if position < seen:
                return score
        raise IndexError(position)


@dataclass(frozen=True)
class Tally:
    """A count of one round.

    `lines` run from the highest total down, equal totals by candidate id (an order for reading, not a rank).
    `ballots` are the valid ones, blank ones included; `without` names candidates the count ran without.
    `groups`: the ranking where totals alone do not say it. `trace`: the outcome as data, round by round (`declared.Outcome`),
    and under `with_excluded` that of all ballots where some were excluded. `undecided`: of comparisons, the pairs passed most often.
    """

    method: VotingMethod
    lines: tuple[Line, ...]
    ballots: int
    invalid: int = 0
    without: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    trace: Mapping[str, Any] = field(default_factory=dict)
    undecided: tuple[Undecided, ...] = ()

    @property
    def elected(self) -> tuple[str, ...]:
        """In order of election; nobody where the round only ranks (no outcome was declared)."""
        return tuple(self.trace.get("elected", ()))

    @property
    def candidates(self) -> tuple[str, ...]:
        return tuple(sorted(line.candidate for line in self.lines))

    @property
    def ranking(self) -> tuple[tuple[str, ...], ...]:
        """Groups of tied candidates, best first."""
        return self.groups or tuple(
            tuple(line.candidate for line in group) for _, group in groupby(self.lines, lambda line: line.total)
        )

    @property
    def totals(self) -> dict[str, Fraction]:
        return {line.candidate: line.total for line in self.lines}

    @property
    def votes(self) -> dict[str, int]:
        return {line.candidate: line.votes for line in self.lines}

    @property
    def ranks(self) -> dict[str, int]:
        """Competition ranks: 1, 1, 3."""
        return ranks_of(self.ranking)


def ranks_of(ranking: Iterable[Sequence[str]]) -> dict[str, int]:
    """Competition ranks (1, 1, 3) of groups, best first."""
    ranks: dict[str, int] = {}
    for group in ranking:
        ranks |= dict.fromkeys(group, len(ranks) + 1)
    return ranks


def in_reading_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: (-line.total, line.candidate)))


def line_of(candidate: str, points: Sequence[int]) -> Line:
    """The line of a candidate from the number of ballots giving 0, 1, 2 …"""
    total = sum(score * count for score, count in enumerate(points))
    return Line(candidate, Fraction(total), sum(points[1:]), tuple(points))
