"""A ballot while it is filled in: the next pair to ask about, places of a ranking moved, what one more vote costs."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction

from crowd.core.rules import VotingMethod
from crowd.core.tally.choices import Choices, Pair, Why, tiers


def next_pair(listed: Sequence[str], decided: Collection[Pair], passed: Iterable[Pair] = ()) -> Pair | None:
    """The pair that says most at this point of a ballot; None when all were asked. `passed`: those the voter could not decide.

    The one asked about least comes first; beside it the one asked about least, and of several such the one whose own share of
    wins on this ballot is closest, since its outcome is the least foreseeable. Then the order of `listed` decides.
    """
    asked = [*decided, *passed]
    done = {frozenset(pair) for pair in asked}
    times = Counter(key for pair in asked for key in pair)
    won, met = Counter(winner for winner, _ in decided), Counter(key for pair in decided for key in pair)

    def share(key: str) -> Fraction:
        return Fraction(won[key] + 1, met[key] + 2)

    place = {key: number for number, key in enumerate(listed)}
    for one in sorted(listed, key=lambda key: (times[key], place[key])):
        others = [key for key in listed if key != one and frozenset((one, key)) not in done]
        if others:
            other = min(others, key=lambda key: (times[key], abs(share(key) - share(one)), place[key]))
            return (one, other) if place[one] < place[other] else (other, one)
    return None


class Step(StrEnum):
    """What is done with one place of a ranking. `JOIN`: share the place of the one above."""

    ADD = "add"
    UP = "up"
    DOWN = "down"
    JOIN = "join"
    OFF = "off"


def moved(places: Mapping[str, int], key: str, step: Step) -> dict[str, int]:
    """The places after a step, without gaps. One that shares its place leaves it before it moves; what cannot move stays."""
    order = [list(tier) for tier in tiers({name: place for name, place in places.items() if place > 0})]
    at = next((number for number, tier in enumerate(order) if key in tier), None)
    if at is None:
        order += [[key]] if step is Step.ADD else []
    else:
        order = _stepped(order, at, key, step)
    return {name: place for place, tier in enumerate(order, start=1) for name in tier}


def _stepped(order: list[list[str]], at: int, key: str, step: Step) -> list[list[str]]:
    shared = len(order[at]) > 1
    before, tier, after = order[:at], [name for name in order[at] if name != key], order[at + 1 :]
    rest = [tier] if tier else []
    match step:
        case Step.OFF:
            return [*before, *rest, *after]
        case Step.UP if shared:
            return [*before, [key], *rest, *after]
        case Step.UP if before:
            return [*before[:-1], [key], before[-1], *after]
        case Step.DOWN if shared:
            return [*before, *rest, [key], *after]
        case Step.DOWN if after:
            return [*before, after[0], [key], *after[1:]]
        case Step.JOIN if before:
            return [*before[:-1], [*before[-1], key], *rest, *after]
        case _:
            return order


def cost_of_next(votes: int, method: VotingMethod) -> int:
    """What one more vote for the same candidate costs: a dot, or under quadratic voting the step from n² to (n + 1)²."""
    return 2 * votes + 1 if method is VotingMethod.QUADRATIC else 1


@dataclass(frozen=True)
class Draft:
    """A ballot being filled in."""

    choices: Choices = field(default_factory=Choices)

    @property
    def passed_pairs(self) -> tuple[Pair, ...]:
        return tuple(pair for pair, _ in self.choices.passed)

    def preferring(self, pair: Pair) -> "Draft":
        """With this comparison, in place of what was said of the two before."""
        left = self.without(pair).choices
        return Draft(replace(left, pairs=(*left.pairs, pair)))

    def passing(self, pair: Pair, why: Why) -> "Draft":
        left = self.without(pair).choices
        return Draft(replace(left, passed=(*left.passed, (pair, why))))

    def without(self, pair: Pair) -> "Draft":
        """The two are to be asked about again."""
        two = frozenset(pair)
        pairs = tuple(each for each in self.choices.pairs if frozenset(each) != two)
        passed = tuple(each for each in self.choices.passed if frozenset(each[0]) != two)
        return Draft(replace(self.choices, pairs=pairs, passed=passed))

    def placing(self, key: str, step: Step) -> "Draft":
        return Draft(Choices(moved(self.choices.marks, key, step)))

    def adding(self, key: str, number: int) -> "Draft":
        """More or fewer points for one; never less than none."""
        marks = dict(self.choices.marks) | {key: max(0, self.choices.of(key) + number)}
        return Draft(Choices({name: value for name, value in marks.items() if value}))
