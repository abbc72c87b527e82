from collections import Counter
from typing import Any


def weighed(ballots: list[Any], percent: int | None) -> tuple[list[Any], int]:
    """Of each ballot its weight and its choices, and what sums are divided by: all ballots of a group weigh its percent together."""
    many = Counter(group for group, _ in ballots)
    members, public = max(1, many["members"]), max(1, many["public"])
    weights = {None: 1, "members": (percent or 0) * public, "public": (100 - (percent or 0)) * members}
    return [(weights[group], choices) for group, choices in ballots], members * public if percent else 1
