"""What sets two candidates apart where votes or points are added up."""

from crowd.core.tally.explain.counted import Counted, numbers
from crowd.core.tally.explain.said import Said


def votes(counted: Counted, first: str, second: str) -> Said:
    return _apart(counted, "votes", first, second)


def points(counted: Counted, first: str, second: str) -> Said:
    return _apart(counted, "points", first, second)


def given(counted: Counted, first: str, second: str) -> Said:
    """Dots and votes bought with credits: also by how many voters."""
    voters = numbers(counted.first["voters"])
    found = _apart(counted, "given", first, second)
    return Said(
        found.code, first, second, {**found.values, "first_voters": voters[first], "second_voters": voters[second]}
    )


def _apart(counted: Counted, what: str, first: str, second: str) -> Said:
    one, other = counted.scores[first], counted.scores[second]
    code = f"same_{what}" if one == other else f"more_{what}"
    return Said(code, first, second, {"first": one, "second": other, "all": counted.all_votes})
