"""Better by exchanges: the worst served takes a reviewer from one who can spare them."""

import numpy as np

from crowd.core.assignment.problem import Floats, Ints, Mask, Problem, sums_of

GAIN = 1e-9
LOOKS = 150_000_000
"""Exchanges looked at before it ends: some ten seconds."""


def climb(problem: Problem, chosen: Mask, ceiling: float) -> Mask:
    """Exchange reviewers, or take free ones, as long as the worst-served proposal gains; a new assignment as full as this one."""
    chosen = chosen.copy()
    sums = sums_of(problem, chosen)
    holders, held = np.nonzero(chosen)
    room = problem.loads - chosen.sum(axis=0)
    for _ in range(LOOKS // max(1, len(held) * int(problem.wanted.max()))):
        worst = int(sums.argmin())
        if sums[worst] >= ceiling - GAIN or not _improve(problem, chosen, sums, worst, (holders, held, room)):
            break
    return chosen


def _improve(problem: Problem, chosen: Mask, sums: Floats, worst: int, pairs: tuple[Ints, Ints, Ints]) -> bool:
    """Make the best change for `worst` in place; False if none helps."""
    holders, held, room = pairs
    mine, values = np.flatnonzero(holders == worst), problem.affinity[worst]
    fits = problem.open[worst] & ~chosen[worst]
    best, change = sums[worst] + GAIN, None
    for pair in mine:
        leaving = held[pair]
        without = sums[worst] - values[leaving]
        free = np.where(fits & (room > 0), without + values, -np.inf)
        if free.max() > best:
            best, change = float(free.max()), (int(pair), int(free.argmax()), -1)
        theirs = sums[holders] - problem.affinity[holders, held] + problem.affinity[holders, leaving]
        able = fits[held] & problem.open[holders, leaving] & ~chosen[holders, leaving]
        after = np.where(able, np.minimum(without + values[held], theirs), -np.inf)
        if after.max() > best:
            best, change = float(after.max()), (int(pair), int(held[after.argmax()]), int(after.argmax()))
    if change is None:
        return False
    at, coming, other = change
    leaving = int(held[at])
    _move(problem, chosen, sums, worst, (leaving, coming))
    held[at] = coming
    if other >= 0:
        _move(problem, chosen, sums, int(holders[other]), (coming, leaving))
        held[other] = leaving
    else:
        room[leaving] += 1
        room[coming] -= 1
    return True


def _move(problem: Problem, chosen: Mask, sums: Floats, proposal: int, change: tuple[int, int]) -> None:
    leaving, coming = change
    chosen[proposal, leaving], chosen[proposal, coming] = False, True
    sums[proposal] += problem.affinity[proposal, coming] - problem.affinity[proposal, leaving]
