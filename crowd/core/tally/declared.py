"""The result of a round by its declared rules: the count of its method, and what the round asks for beyond it.

- Quorum: with fewer ballots than that nobody is elected. Ballots are the valid ones that are counted, blank ones included.
- Threshold: who wins and is named on less than so many percent of the ballots is not elected, and nobody comes in their place.
  A ballot names whom it marks, ranks, gives more than 0 or better than the worst grade, or prefers in a comparison.
- Voters by group: all ballots of members together weigh N, all others together 100 - N, each of a group the same. A group without a ballot has no
  weight. Votes and scores are percent then, as exact fractions. Not for methods that count ballots as papers, money or comparisons.
- Candidates struck off: the count runs without them (see `collecting`).
- Ballots excluded: counted without them, and once more with them.
- A tie that must be settled is settled by the seed, as in `count`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd
from typing import Any

import numpy as np

from crowd.core.exact import exact, exact_text
from crowd.core.rules import BUDGET_METHODS
from crowd.core.tally.choices import KIND_OF
from crowd.core.tally.collecting import Bounds, Collected
from crowd.core.tally.count import Count, Terms
from crowd.core.tally.methods import METHODS, tally
from crowd.core.tally.profile import DEFAULT_GRADES, Candidate, Kind, Profile, Weights, unranked
from crowd.core.tally.suited import Unsuited

UNGROUPED = frozenset({"stv-scottish", "pb-greedy", "pb-equal-shares", "bradley-terry"})
UNSCALED = frozenset({"schulze", "majority-judgment"})
"""Their scores are no votes: how many others are beaten; a grade."""
VOTES = frozenset(
    "votes totals ballots_by_score runoff exhausted voters preferences strongest_paths ballots_by_grade equal_middle_grades".split()
)
"""What in a trace is a number of votes."""
MOST = 1 << 53
"""Of all weights together: below it the counts are exact."""


@dataclass(frozen=True)
class Declared:
    """`allowance`: points or credits per ballot. `grades`: best first. `threshold`, `member_percent`: percent. `rule`: of pb-greedy."""

    method: str
    seats: int | None = None
    budget: Fraction | None = None
    rule: str | None = None
    allowance: int | None = None
    max_choices: int | None = None
    grades: tuple[str, ...] = DEFAULT_GRADES
    quorum: int | None = None
    threshold: Fraction | None = None
    member_percent: int | None = None

    def __post_init__(self) -> None:
        """Unsuited where these do not go together."""
        if self.method not in METHODS:
            raise Unsuited(f"{self.method} is no method")
        if self.method in BUDGET_METHODS and (self.budget is None or self.seats is not None):
            raise Unsuited(f"{self.method} needs a budget, and fills no seats")
        if self.rule not in {None, "greedy", "greedy-no-skip"}:
            raise Unsuited(f"{self.rule} is no rule of a round")
        if self.member_percent is not None and (self.method in UNGROUPED or not 0 < self.member_percent < 100):
            raise Unsuited(f"{self.method} cannot weigh groups of voters so")

    @property
    def kind(self) -> Kind:
        return KIND_OF[self.method]

    def as_data(self) -> dict[str, Any]:
        """The `terms` of a bundle."""
        return {
            "seats": self.seats,
            "budget": None if self.budget is None else exact_text(self.budget),
            "rule": self.rule,
            "allowance": self.allowance,
            "max_choices": self.max_choices,
            "grades": list(self.grades) if self.kind is Kind.GRADE else None,
            "quorum": self.quorum,
            "threshold": None if self.threshold is None else exact_text(self.threshold),
            "member_percent": self.member_percent,
        }

    @classmethod
    def from_data(cls, method: str, terms: Mapping[str, Any]) -> "Declared":
        """The inverse of `as_data`."""
        budget, threshold, grades = (terms.get(key) for key in ("budget", "threshold", "grades"))
        known = {
            key: terms.get(key) for key in ("seats", "rule", "allowance", "max_choices", "quorum", "member_percent")
        }
        return cls(
            method=method,
            budget=None if budget is None else exact(budget),
            threshold=None if threshold is None else exact(threshold),
            grades=tuple(grades) if grades else DEFAULT_GRADES,
            **known,
        )

    def bounds(self, candidates: Sequence["Listed"]) -> Bounds:
        """What a ballot may say."""
        running = [entry.id for entry in candidates if not entry.struck]
        places = {name: place for place, name in enumerate(running)}
        return Bounds(
            kind=self.kind,
            places={entry.id: places.get(entry.id) for entry in candidates},
            running=len(running),
            max_choices=self.max_choices,
            allowance=self.allowance,
            squared=self.method == "quadratic",
            grades={word: place for place, word in enumerate(self.grades)},
        )


@dataclass(frozen=True)
class Listed(Candidate):
    """A candidate on the list as it was frozen. `struck`: off it since; the count runs without it."""

    struck: bool = False


@dataclass(frozen=True)
class Outcome:
    """`count`: as `Count.as_data` gives it, in percent where groups are weighed; of what it calls ballots, see the method.

    `ballots`: how many valid ones were counted. `named`: on how many each is named, in percent where groups are weighed.
    """

    count: Mapping[str, Any]
    ballots: int
    named: Mapping[str, str]
    quorum_met: bool
    elected: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        return {
            **self.count,
            "counted": self.ballots,
            "named": dict(self.named),
            "quorum_met": self.quorum_met,
            "elected": list(self.elected),
        }


def outcome(
    declared: Declared,
    candidates: Sequence[Listed],
    collected: Collected,
    seed: bytes | None,
    *,
    with_excluded: bool = False,
) -> Outcome:
    """Who is elected."""
    counted = collected.kept(with_excluded=with_excluded)
    weights, scale = _weights(counted, declared.member_percent)
    profile = profile_of(declared, candidates, counted, weights)
    terms = Terms(declared.seats, None, seed, declared.rule)
    found = tally(profile, declared.method, terms)
    named, total = named_on(profile, counted, weights)
    least = (declared.threshold or Fraction(0)) / 100 * total
    enough = counted.number >= (declared.quorum or 0)
    return Outcome(
        count=found.as_data() if scale is None else _scaled(found, scale, counted.number),
        ballots=counted.number,
        named={name: exact_text(Fraction(votes) / (scale or 1)) for name, votes in named.items()},
        quorum_met=enough,
        elected=tuple(name for name in found.winners if enough and named[name] >= least),
    )


def profile_of(
    declared: Declared, candidates: Sequence[Listed], collected: Collected, weights: Weights | None = None
) -> Profile:
    """What the methods count."""
    running = tuple(Candidate(entry.id, entry.name, entry.cost) for entry in candidates if not entry.struck)
    return Profile(
        running,
        {collected.kind: collected.ballots(weights)},
        collected.all_invalid,
        grades=declared.grades,
        seats=declared.seats,
        budget=declared.budget,
        rule=declared.rule,
        allowance=declared.allowance,
    )


def _weights(counted: Collected, percent: int | None) -> tuple[Weights | None, Fraction | None]:
    """Whole numbers in the right proportion, and by what their sums are to be divided to be percent."""
    if percent is None:
        return None, None
    members = max(1, int(counted.members.sum()))
    public = max(1, counted.number - int(counted.members.sum()))
    one, other = percent * public, (100 - percent) * members
    shared = gcd(one, other)
    one, other = one // shared, other // shared
    total = one * members + other * public
    if total > MOST or total * int(counted.values.max(initial=1)) > 1 << 62:
        raise Unsuited("there are too many ballots to be weighed by groups exactly")
    return np.where(counted.members, one, other).astype(np.int64), Fraction(members * public, shared)


def named_on(profile: Profile, counted: Collected, weights: Weights | None) -> tuple[dict[str, int], int]:
    """On how many ballots each is named, and how many there are, by weight."""
    values, ids = counted.values, profile.ids
    if counted.of is not None:
        pairs = np.unique(np.stack([counted.of, values[0]]), axis=1)
        votes = np.bincount(pairs[1], minlength=len(ids)).tolist()
        return dict(zip(ids, votes, strict=True)), counted.number
    blank = {Kind.RANK: unranked(values), Kind.GRADE: len(profile.grades) - 1}.get(counted.kind, 0)
    rows = (row != blank for row in values)
    found = [int(np.count_nonzero(row) if weights is None else weights[row].sum()) for row in rows]
    return dict(zip(ids, found, strict=True)), counted.number if weights is None else int(weights.sum())


def _scaled(found: Count, scale: Fraction, ballots: int) -> dict[str, Any]:
    """In percent; what are numbers of ballots as such stay so."""
    data = replace(found, ballots=ballots).as_data()
    if found.method not in UNSCALED:
        data["scores"] = _divided(found.scores, scale)
    if found.method == "irv":
        data["exhausted"] = _divided(found.exhausted, scale)
    data["rounds"] = [_scaled_votes(step, scale) for step in data["rounds"]]
    return data


def _scaled_votes(step: Any, scale: Fraction) -> Any:
    if isinstance(step, dict):
        return {
            key: _divided(value, scale) if key in VOTES else _scaled_votes(value, scale) for key, value in step.items()
        }
    return [_scaled_votes(value, scale) for value in step] if isinstance(step, list) else step


def _divided(value: Any, scale: Fraction) -> Any:
    if isinstance(value, Mapping):
        return {key: _divided(each, scale) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_divided(each, scale) for each in value]
    return exact_text(Fraction(value) / scale)
