"""First assignments: by greed, or the most places that can be filled at all (a maximum flow)."""

from collections.abc import Iterator

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import maximum_flow

from crowd.core.assignment.prices import Prices
from crowd.core.assignment.problem import Mask, Problem, best_places

MORE = 20


def greedy(problem: Problem, among: Mask | None = None) -> Mask:
    """Pairs by falling affinity, each taken if there is still room on both sides: the usual way, and the one to beat."""
    rows, columns = np.nonzero(problem.open if among is None else among)
    order = np.argsort(-problem.affinity[rows, columns], kind="stable")
    need, room = problem.wanted.tolist(), problem.loads.tolist()
    left = sum(need)
    chosen = np.zeros(problem.shape, dtype=np.bool_)
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if need[row] and room[column]:
            chosen[row, column] = True
            need[row] -= 1
            room[column] -= 1
            left -= 1
            if not left:
                break
    return chosen


def fullest(problem: Problem, prices: Prices) -> Mask:
    """An assignment with as many places filled as any: greed or a flow among good pairs where that suffices, else among all."""
    most = _most(problem)
    for start in _tries(problem, prices):
        if start.sum() == most:
            return start
    return _flow(problem, problem.open)


def _most(problem: Problem) -> int:
    """No more places can be filled than this."""
    from_proposals = np.minimum(problem.wanted, problem.open.sum(axis=1)).sum()
    return int(min(from_proposals, np.minimum(problem.loads, problem.open.sum(axis=0)).sum()))


def _tries(problem: Problem, prices: Prices) -> Iterator[Mask]:
    depth = int(problem.wanted.max()) + MORE
    if depth < problem.shape[1]:
        good = np.zeros(problem.shape, dtype=np.bool_)
        priced = np.where(problem.open, problem.affinity - prices.reviewers, -np.inf)
        np.put_along_axis(good, best_places(priced, depth), values=True, axis=1)
        good &= problem.open
        yield greedy(problem, good)
        yield _flow(problem, good)
    else:
        yield greedy(problem)


def _flow(problem: Problem, among: Mask) -> Mask:
    proposals, reviewers = problem.shape
    rows, columns = np.nonzero(among)
    source, sink = proposals + reviewers, proposals + reviewers + 1
    tails = np.concatenate([np.full(proposals, source), rows, proposals + np.arange(reviewers)])
    heads = np.concatenate([np.arange(proposals), proposals + columns, np.full(reviewers, sink)])
    most = np.minimum(problem.loads, proposals)
    room = np.concatenate([problem.wanted, np.ones(len(rows), dtype=np.int64), most]).astype(np.int32)
    graph = coo_array((room, (tails, heads)), shape=(sink + 1, sink + 1)).tocsr()
    flow = maximum_flow(graph, source, sink).flow[:proposals, proposals:source]
    return np.asarray(flow.toarray() > 0)
