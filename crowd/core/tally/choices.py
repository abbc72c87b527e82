"""What one ballot says, whatever the method: as a value, as data that is stored, hashed and counted, and whether it is well formed.

The data has the form of a ballot in a JSON profile (`core.ballot_files.json_profile`), with ids in a fixed order, so that equal ballots
are equal texts: `approve` ids · `rank` tiers, best first · `score` and `points` id → number · `grade` id → word · `pairs` [winner, loser],
and beside them, where there are any, `passed`: the pairs that the voter could not decide, each as [id, id, why], which no count looks at.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from crowd.core.rules import BUDGET_METHODS, Round, VotingMethod
from crowd.core.tally.ballots import HIGHEST_SCORE, BallotFault, InvalidBallot
from crowd.core.tally.profile import DEFAULT_GRADES, Kind

KIND_OF: Mapping[str, Kind] = MappingProxyType(
    {
        VotingMethod.APPROVAL: Kind.APPROVE,
        VotingMethod.SCORE: Kind.SCORE,
        VotingMethod.STAR: Kind.SCORE,
        VotingMethod.IRV: Kind.RANK,
        VotingMethod.STV: Kind.RANK,
        VotingMethod.SCHULZE: Kind.RANK,
        VotingMethod.MAJORITY_JUDGMENT: Kind.GRADE,
        VotingMethod.CUMULATIVE: Kind.POINTS,
        VotingMethod.QUADRATIC: Kind.POINTS,
        VotingMethod.PB_GREEDY: Kind.APPROVE,
        VotingMethod.EQUAL_SHARES: Kind.APPROVE,
        VotingMethod.BRADLEY_TERRY: Kind.PAIR,
    }
)
"""What the ballots of a round by this method say."""
TIES_ALLOWED = frozenset({VotingMethod.SCHULZE})
"""Rankings in which several may share a place; instant runoff and STV pass a paper on to one."""
PAIRS = "pairs"
PASSED = "passed"
MOST_PAIRS = 500
Pair = tuple[str, str]


class Why(StrEnum):
    """Why a voter cannot say which of two is better."""

    EQUAL = "equal"
    UNKNOWN = "unknown"
    UNLIKE = "unlike"


@dataclass(frozen=True)
class Choices:
    """`marks`: id of a candidate → 1 for a mark, the score, the points, the place (1 is best), the grade (1 is best).

    Blanks and zeros are left out. `pairs`: (winner, loser), in the order in which they were decided. `passed`: pairs that could not be
    decided, and why; the count looks at none of them.
    """

    marks: Mapping[str, int] = field(default_factory=dict)
    pairs: tuple[Pair, ...] = ()
    passed: tuple[tuple[Pair, Why], ...] = ()

    @property
    def count(self) -> int:
        return len(self.marks) or len(self.pairs)

    def of(self, key: str) -> int:
        return self.marks.get(key, 0)

    @property
    def named(self) -> frozenset[str]:
        return frozenset(self.marks).union(*self.pairs)

    @property
    def settled(self) -> "Choices":
        """As it is kept: what could not be decided has no order."""
        return replace(self, passed=tuple(sorted(((min(pair), max(pair)), why) for pair, why in self.passed)))


def key_of(kind: Kind) -> str:
    """Under which key what is counted stands in the data."""
    return PAIRS if kind is Kind.PAIR else kind.value


def grades_of(round_: Round) -> tuple[str, ...]:
    return round_.grades or DEFAULT_GRADES


def choices_data(choices: Choices, round_: Round) -> dict[str, Any]:
    """The ballot as data; equal ballots give equal data."""
    marks = choices.marks
    match KIND_OF[round_.method]:
        case Kind.APPROVE:
            return {"approve": sorted(marks)}
        case Kind.RANK:
            return {"rank": [list(tier) for tier in tiers(marks)]}
        case Kind.GRADE:
            words = grades_of(round_)
            return {"grade": {key: words[marks[key] - 1] for key in sorted(marks)}}
        case Kind.PAIR:
            passed = [[*pair, why.value] for pair, why in choices.settled.passed]
            return {PAIRS: [list(pair) for pair in choices.pairs]} | ({PASSED: passed} if passed else {})
        case kind:
            return {kind.value: {key: marks[key] for key in sorted(marks)}}


def choices_of(data: Mapping[str, Any], round_: Round) -> Choices:
    """The inverse of `choices_data`."""
    if PAIRS in data:
        passed = tuple(((one, other), Why(why)) for one, other, why in data.get(PASSED, ()))
        return Choices(pairs=tuple((winner, loser) for winner, loser in data[PAIRS]), passed=passed)
    ((kind, said),) = data.items()
    if kind == Kind.APPROVE:
        return Choices(dict.fromkeys(said, 1))
    if kind == Kind.RANK:
        return Choices({key: place for place, tier in enumerate(said, start=1) for key in tier})
    if kind == Kind.GRADE:
        words = grades_of(round_)
        return Choices({key: words.index(word) + 1 for key, word in said.items()})
    return Choices(dict(said))


def tiers(places: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Those who share a place together, best first; gaps between the numbers say nothing."""
    found: dict[int, list[str]] = {}
    for key in sorted(places):
        found.setdefault(places[key], []).append(key)
    return [tuple(found[place]) for place in sorted(found)]


def spent(choices: Choices, method: VotingMethod) -> int:
    """Of the points or credits of a ballot: n dots cost n, n votes cost n² credits."""
    if method is VotingMethod.QUADRATIC:
        return sum(number * number for number in choices.marks.values())
    return sum(choices.marks.values())


def check(
    choices: Choices, listed: Collection[str], round_: Round, costs: Mapping[str, int | None] = MappingProxyType({})
) -> Choices:
    """The ballot as it is kept: blanks left out, places without gaps. InvalidBallot when it is not well formed.

    `costs`: of the candidates, for the budget methods, where a ballot may mark no more than the budget pays for under `PB_GREEDY`.
    """
    if faults := tuple(_faults(choices, frozenset(listed), round_)):
        raise InvalidBallot(faults)
    kind = KIND_OF[round_.method]
    if kind is Kind.PAIR:
        return Choices(pairs=choices.pairs, passed=choices.passed).settled
    marks = {key: value for key, value in choices.marks.items() if value}
    if kind is Kind.RANK:
        marks = {key: place for place, tier in enumerate(tiers(marks), start=1) for key in tier}
    over = _over_budget(marks, round_, costs)
    if over is not None:
        raise InvalidBallot((over,))
    return Choices(marks)


def _faults(choices: Choices, listed: frozenset[str], round_: Round) -> Iterator[BallotFault]:
    kind = KIND_OF[round_.method]
    yield from (BallotFault("unknown_candidate", key) for key in sorted(choices.named - listed))
    given = {key: value for key, value in choices.marks.items() if value}
    if kind is Kind.PAIR:
        passed = [pair for pair, _ in choices.passed]
        gone = frozenset[str]().union(*passed) - choices.named - listed
        yield from (BallotFault("unknown_candidate", key) for key in sorted(gone))
        yield from _pair_faults(choices.pairs, passed)
        return
    lowest, highest, code = _bounds(kind, len(listed), round_)
    yield from (
        BallotFault(code, key, value, highest) for key, value in given.items() if not lowest <= value <= highest
    )
    named = sum(value > 0 for value in given.values())
    if kind in {Kind.APPROVE, Kind.SCORE, Kind.RANK} and round_.max_choices and named > round_.max_choices:
        yield BallotFault("too_many_choices", value=named, limit=round_.max_choices)
    if kind is Kind.RANK and round_.method not in TIES_ALLOWED and len(set(given.values())) < len(given):
        yield BallotFault("place_shared", value=_shared(given))
    if kind is Kind.POINTS and round_.points is not None:
        used = spent(Choices({key: value for key, value in given.items() if value > 0}), round_.method)
        if used > round_.points:
            yield BallotFault("too_many_points", value=used, limit=round_.points)


def _bounds(kind: Kind, listed: int, round_: Round) -> tuple[int, int, str]:
    match kind:
        case Kind.APPROVE:
            return 1, 1, "mark_out_of_range"
        case Kind.SCORE:
            return 1, HIGHEST_SCORE, "score_out_of_range"
        case Kind.RANK:
            return 1, max(listed, 1), "place_out_of_range"
        case Kind.GRADE:
            return 1, len(grades_of(round_)), "grade_out_of_range"
        case _:
            return 1, round_.points or 10**6, "points_out_of_range"


def _shared(given: Mapping[str, int]) -> int:
    """The first place that two have."""
    return next(place for place in sorted(given.values()) if list(given.values()).count(place) > 1)


def _pair_faults(pairs: Sequence[Pair], passed: Sequence[Pair]) -> Iterator[BallotFault]:
    asked = [*pairs, *passed]
    yield from (BallotFault("pair_with_itself", one) for one, other in asked if one == other)
    if len({frozenset(pair) for pair in asked}) < len(asked):
        yield BallotFault("pair_twice")
    most = max(len(pairs), len(passed))
    if most > MOST_PAIRS:
        yield BallotFault("too_many_choices", value=most, limit=MOST_PAIRS)


def _over_budget(marks: Collection[str], round_: Round, costs: Mapping[str, int | None]) -> BallotFault | None:
    """A basket holds what the budget pays for."""
    if round_.method not in BUDGET_METHODS or round_.budget is None or not costs:
        return None
    cost = sum(costs.get(key) or 0 for key in marks)
    return BallotFault("over_budget", value=cost, limit=round_.budget) if cost > round_.budget else None
