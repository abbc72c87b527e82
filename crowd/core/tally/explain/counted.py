"""A stored count as its explanations read it: exact numbers out of the text of a trace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from crowd.core.exact import exact
from crowd.core.rules import Round
from crowd.core.tally.result import Tally, ranks_of


def number(value: Any) -> Fraction:
    """Of a trace: a whole number, or a decimal or fraction as text."""
    return exact(value) if isinstance(value, str) else Fraction(value)


def numbers(values: Mapping[str, Any]) -> dict[str, Fraction]:
    return {name: number(value) for name, value in values.items()}


@dataclass(frozen=True)
class Counted:
    """`outcome`: as `declared.Outcome.as_data` gives it. Votes and scores are percent where `weighed`."""

    round: Round
    outcome: Mapping[str, Any]

    @property
    def method(self) -> str:
        method: str = self.outcome["method"]
        return method

    @property
    def weighed(self) -> bool:
        """Groups of voters weigh by percent."""
        return self.round.member_percent is not None

    @property
    def ballots(self) -> int:
        """Valid ones that count."""
        ballots: int = self.outcome["counted"]
        return ballots

    @property
    def all_votes(self) -> Fraction:
        """What all ballots together weigh."""
        return Fraction(100 if self.weighed else self.ballots)

    @property
    def quorum_met(self) -> bool:
        met: bool = self.outcome["quorum_met"]
        return met

    @cached_property
    def elected(self) -> tuple[str, ...]:
        return tuple(self.outcome["elected"])

    @cached_property
    def winners(self) -> tuple[str, ...]:
        """Of the count alone, before quorum and threshold."""
        return tuple(self.outcome["winners"])

    @cached_property
    def ranking(self) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(group) for group in self.outcome["ranking"])

    @cached_property
    def ranks(self) -> dict[str, int]:
        return ranks_of(self.ranking)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Every candidate: the elected, the other winners, then by rank."""
        return tuple(sorted(self.ranks, key=self._place))

    @cached_property
    def scores(self) -> dict[str, Fraction]:
        return numbers(self.outcome["scores"])

    @cached_property
    def named(self) -> dict[str, Fraction]:
        """On how many ballots each is named."""
        return numbers(self.outcome["named"])

    @property
    def rounds(self) -> Sequence[Mapping[str, Any]]:
        rounds: Sequence[Mapping[str, Any]] = self.outcome["rounds"]
        return rounds

    @property
    def first(self) -> Mapping[str, Any]:
        """The only round of most methods."""
        return self.rounds[0]

    @property
    def ties(self) -> Sequence[Mapping[str, Any]]:
        ties: Sequence[Mapping[str, Any]] = self.outcome["ties"]
        return ties

    def short_of_threshold(self, candidate: str) -> bool:
        """Won the count and is elected all the same not, although enough voted."""
        return self.quorum_met and candidate in self.winners and candidate not in self.elected

    def place_in_count(self, candidate: str) -> tuple[int, int]:
        """Whoever has the smaller is ahead in the count; equal ones are level."""
        won = self.winners.index(candidate) if candidate in self.winners else len(self.winners)
        return won, self.ranks[candidate]

    @cached_property
    def _listed(self) -> dict[str, int]:
        """Where each stands in the ranking as written, tied ones too."""
        return {name: place for place, name in enumerate(name for group in self.ranking for name in group)}

    def _place(self, candidate: str) -> tuple[int, tuple[int, int], int]:
        elected = self.elected.index(candidate) if candidate in self.elected else len(self.elected)
        return elected, self.place_in_count(candidate), self._listed[candidate]


def counted_of(tally: Tally, round_: Round) -> Counted | None:
    """None where only totals were stored."""
    return Counted(round_, tally.trace) if "rounds" in tally.trace else None


def with_excluded(counted: Counted) -> Counted | None:
    """The same ballots and those that were set aside; None where none were."""
    other = counted.outcome.get("with_excluded")
    return replace(counted, outcome=other) if other else None
