"""What a count says, in the form of `flask tally --json`, and who is elected when some are tied.

Ties. `ranking` always shows them. Where a tie must be settled for something to be decided (a seat, an elimination, the last
money), the method's own rule comes first; then the seed, if one is given: the tied come in the order of SHA-256(seed ‖ candidate
id), the first before the others. Without a seed they come in the order of the list of candidates, so that there is always a
definite answer, and `ties` says `order`: neither votes nor rule nor lot stand behind it. Ballots' order never matters.
Of a count without a single valid ballot nobody is a winner.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import Any

from crowd.core.exact import exact_text

Ranking = tuple[tuple[str, ...], ...]
Round = Mapping[str, Any]


class Settled(StrEnum):
    """How a tie was settled: by the method's rule, by the seed, or, with neither, by the order of the list of candidates."""

    RULE = "rule"
    SEED = "seed"
    ORDER = "order"


@dataclass(frozen=True)
class Tie:
    """`candidates` were tied `of` something (`seat`, `elimination`, …); `chosen` of them came first, settled `by`.

    Chosen means: got the seat, the money, the next transfer; of an elimination or exclusion, who went out.
    """

    of: str
    candidates: tuple[str, ...]
    chosen: tuple[str, ...]
    by: Settled
    round: int | None = None

    def as_data(self) -> dict[str, Any]:
        return {
            "for": self.of,
            "candidates": list(self.candidates),
            "chosen": list(self.chosen),
            "by": self.by.value,
            "round": self.round,
        }


@dataclass(frozen=True)
class Lot:
    """The order in which tied candidates come."""

    ids: tuple[str, ...]
    seed: bytes | None = None

    @property
    def by(self) -> Settled:
        return Settled.ORDER if self.seed is None else Settled.SEED

    def ordered(self, tied: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(tied, key=self._key))

    def _key(self, candidate: str) -> tuple[bytes, int]:
        drawn = b"" if self.seed is None else hashlib.sha256(self.seed + candidate.encode()).digest()
        return drawn, self.ids.index(candidate)


@dataclass(frozen=True)
class Terms:
    """What is asked for beside the ballots. `seats` None: as many as the file says, else one."""

    seats: int | None = None
    budget: Fraction | None = None
    seed: bytes | None = None
    rule: str | None = None


@dataclass(frozen=True)
class Count:
    """`ballots` are the valid ones, blank ones included. `exhausted`: those that no longer counted at the end.

    `scores`: exact numbers or fractions as text. `rounds`: plain data, in order, enough to say why one won and another did not.
    """

    method: str
    winners: tuple[str, ...]
    ranking: Ranking
    scores: Mapping[str, str]
    rounds: Sequence[Round] = ()
    ties: tuple[Tie, ...] = ()
    ballots: int = 0
    invalid: int = 0
    exhausted: int = 0

    def as_data(self) -> dict[str, Any]:
        return {
            "method": self.method,
            "winners": list(self.winners),
            "ranking": [list(tied) for tied in self.ranking],
            "scores": dict(self.scores),
            "rounds": [dict(step) for step in self.rounds],
            "ties": [tie.as_data() for tie in self.ties],
            "ballots": self.ballots,
            "invalid": self.invalid,
            "exhausted": self.exhausted,
        }


@dataclass
class Ties:
    """Settles ties for one count and keeps the record of them."""

    lot: Lot
    found: list[Tie] = field(default_factory=list)

    def first(
        self,
        tied: Sequence[str],
        of: str,
        *,
        places: int = 1,
        last: bool = False,
        at: int | None = None,
    ) -> tuple[str, ...]:
        """The `places` that come first by lot (`last`: that come last, for eliminations). Nothing is noted when all have a place."""
        order = self.lot.ordered(tied)
        if len(order) <= places:
            return order
        chosen = order[-places:] if last else order[:places]
        self.note(of, tied, chosen, self.lot.by, at)
        return chosen

    def note(self, of: str, tied: Iterable[str], chosen: Iterable[str], by: Settled, at: int | None = None) -> None:
        in_order = sorted(tied, key=self.lot.ids.index)
        self.found.append(Tie(of, tuple(in_order), tuple(chosen), by, at))

    @property
    def all(self) -> tuple[Tie, ...]:
        return tuple(self.found)


def elect(ranking: Iterable[Sequence[str]], seats: int, ties: Ties) -> tuple[str, ...]:
    """The first `seats` of a ranking; a tie across the last seat is settled and noted, one above it changes nothing."""
    winners: list[str] = []
    for tied in ranking:
        if len(winners) == seats:
            break
        winners += ties.first(tied, "seat", places=seats - len(winners))
    return tuple(winners)


def rank_by(ids: Sequence[str], value: Callable[[str], Any]) -> Ranking:
    """Groups of equal value, highest first; within a group in the order of the list."""
    ordered = sorted(ids, key=value, reverse=True)
    places = {candidate: place for place, candidate in enumerate(ids)}
    return tuple(tuple(sorted(group, key=places.__getitem__)) for _, group in groupby(ordered, key=value))


def texts(numbers: Mapping[str, Fraction | int]) -> dict[str, str]:
    return {candidate: exact_text(number) for candidate, number in numbers.items()}
