"""How many ballots prefer one candidate to another."""

from collections.abc import Sequence

import numpy as np

from crowd.core.tally.profile import Numbers, Weights


def preferences(places: Numbers, weights: Weights) -> list[list[int]]:
    """`[a][b]`: the ballots on which a stands before b, that is, has the smaller number in `places` (candidate by group)."""
    single = bool((weights == 1).all())
    counted = [[0] * len(places) for _ in places]
    for first, row in enumerate(places):
        for second in range(first):
            before, behind = row < places[second], row > places[second]
            counted[first][second] = int(np.count_nonzero(before)) if single else int(weights[before].sum())
            counted[second][first] = int(np.count_nonzero(behind)) if single else int(weights[behind].sum())
    return counted


def named(matrix: Sequence[Sequence[int]], ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """The matrix by candidate ids, without the diagonal."""
    return {
        first: {second: row[place] for place, second in enumerate(ids) if second != first}
        for first, row in zip(ids, matrix, strict=True)
    }
