from typing import Any


def weighed(ballots: list[Any], percent: None) -> tuple[list[Any], int]:
    """Every ballot weighs the same: this method knows no groups."""
    return [(1, choices) for _, choices in ballots], 1
