"""What sets two candidates apart by majority judgment: the middle grades, and what remains after taking them away."""

from fractions import Fraction
from math import lcm
from typing import Any

from crowd.core.tally.explain.counted import Counted, number
from crowd.core.tally.explain.said import Said
from crowd.core.tally.majority_judgment import difference, majority_grade

Given = dict[str, list[Fraction]]


def majority(counted: Counted, first: str, second: str) -> Said:
    words, given = counted.first["grades"], grades_given(counted)
    one, other, scale = _whole(given[first], given[second])
    best, worse = majority_grade(one), majority_grade(other)
    if best != worse:
        values: dict[str, Any] = {
            "first": words[best],
            "second": words[worse],
            "at_least_first": sum(given[first][: best + 1]),
            "at_least_second": sum(given[second][: best + 1]),
            "all": sum(given[first]),
        }
        return Said("better_grade", first, second, values)
    apart = difference(one, other)
    if apart is None:
        return Said("same_grades", first, second, {"grade": words[best]})
    equal, then, behind = apart
    found = {"grade": words[best], "equal": Fraction(equal, scale), "first": words[then], "second": words[behind]}
    return Said("then_grade", first, second, found)


def grades_given(counted: Counted) -> Given:
    """How many gave each grade, best first."""
    return {name: [number(each) for each in row] for name, row in counted.first["ballots_by_grade"].items()}


def _whole(one: list[Fraction], other: list[Fraction]) -> tuple[list[int], list[int], int]:
    """The same proportions in whole numbers, and by what they were multiplied."""
    scale = lcm(*(share.denominator for share in (*one, *other)))
    return [int(share * scale) for share in one], [int(share * scale) for share in other], scale
