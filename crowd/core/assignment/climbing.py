"""Better by exchanges: the worst served takes a reviewer from one who can spare them."""

from dataclasses import dataclass

import numpy as np

from crowd.core.assignment.problem import Floats, Ints, Mask, Problem, sums_of

GAIN = 1e-9
LOOKS = 500_000_000
"""Exchanges looked at before it ends: some ten seconds of processor time."""


@dataclass(frozen=True)
class _Held:
    """An assignment as it changes: each pair by who holds whom, proposals in order; tables by reviewer lie in one piece."""

    problem: Problem
    chosen: Mask
    sums: Floats
    room: Ints
    holders: Ints
    held: Ints
    worths: Floats  # of each pair
    begins: Ints  # where the pairs of each proposal begin
    by_reviewer: Floats
    barred: Mask  # by reviewer: closed to the proposal, or with it already


def climb(problem: Problem, chosen: Mask, ceiling: float) -> Mask:
    """Exchange reviewers, or take free ones, as long as the worst-served proposal gains; a new assignment as full as this one."""
    chosen = chosen.copy()
    holders, held = np.nonzero(chosen)
    state = _Held(
        problem,
        chosen,
        sums_of(problem, chosen),
        problem.loads - chosen.sum(axis=0),
        holders,
        held,
        problem.affinity[holders, held],
        np.searchsorted(holders, np.arange(problem.shape[0] + 1)),
        np.ascontiguousarray(problem.affinity.T),
        np.ascontiguousarray((~problem.open | chosen).T),
    )
    for _ in range(LOOKS // max(1, len(held) * int(problem.wanted.max()))):
        worst = int(state.sums.argmin())
        if state.sums[worst] >= ceiling - GAIN or not _improve(state, worst):
            break
    return chosen


def _improve(state: _Held, worst: int) -> bool:
    """Make the best change for `worst` in place; False if none helps."""
    holders, held, values = state.holders, state.held, state.problem.affinity[worst]
    fits = ~state.barred[:, worst]
    spared = np.where(fits[held], state.sums[holders] - state.worths, -np.inf)
    offered = values[held]
    best, change = state.sums[worst] + GAIN, None
    for pair in range(int(state.begins[worst]), int(state.begins[worst + 1])):
        leaving = held[pair]
        without = state.sums[worst] - values[leaving]
        free = np.where(fits & (state.room > 0), without + values, -np.inf)
        if free.max() > best:
            best, change = float(free.max()), (pair, int(free.argmax()), -1)
        theirs = spared + np.where(state.barred[leaving], -np.inf, state.by_reviewer[leaving])[holders]
        after = np.minimum(without + offered, theirs)
        place = int(after.argmax())
        if after[place] > best:
            best, change = float(after[place]), (pair, int(held[place]), place)
    if change is None:
        return False
    pair, coming, other = change
    leaving = int(held[pair])
    _move(state, pair, coming)
    if other >= 0:
        _move(state, other, leaving)
    else:
        state.room[leaving] += 1
        state.room[coming] -= 1
    return True


def _move(state: _Held, pair: int, coming: int) -> None:
    proposal, leaving = int(state.holders[pair]), int(state.held[pair])
    state.chosen[proposal, leaving], state.chosen[proposal, coming] = False, True
    state.barred[leaving, proposal], state.barred[coming, proposal] = False, True
    now = state.problem.affinity[proposal, coming]
    state.sums[proposal] += now - state.worths[pair]
    state.worths[pair], state.held[pair] = now, coming
