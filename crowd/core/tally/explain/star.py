"""What sets two candidates apart in STAR: the points for the runoff, then the runoff."""

from collections.abc import Mapping
from typing import Any

from crowd.core.tally.explain.counted import Counted, number, numbers
from crowd.core.tally.explain.said import Said


def runoff(counted: Counted, first: str, second: str) -> Said:
    """By the count that elected `first`; of two who are not elected, the last."""
    step = next((step for step in counted.rounds if step["elected"] == first), None)
    step = step or (counted.rounds[-1] if counted.rounds else None)
    if step is None or "totals" not in step:
        return _by_points(counted, first, second)
    points = numbers(step["totals"])
    if second in step["finalists"] and first in step["finalists"]:
        return _in_runoff(step, first, second)
    if first in step["finalists"] and second in points:
        values = {
            "first_points": points[first],
            "second_points": points[second],
            "least": min(points[name] for name in step["finalists"]),
            "round": step["round"],
        }
        return Said("no_finalist", first, second, values)
    return _by_points(counted, first, second)


def _in_runoff(step: Mapping[str, Any], first: str, second: str) -> Said:
    votes, points = numbers(step["runoff"]), numbers(step["totals"])
    values = {
        "first": votes[first],
        "second": votes[second],
        "first_points": points[first],
        "second_points": points[second],
        "round": step["round"],
    }
    return Said("runoff_level" if votes[first] == votes[second] else "runoff", first, second, values)


def _by_points(counted: Counted, first: str, second: str) -> Said:
    one, other = (number(counted.scores[name]) for name in (first, second))
    return Said("unelected_points", first, second, {"first": one, "second": other})
