"""Where all want the same few reviewers: weights lean towards the badly served, exchanges do the rest, a bound says how good it is."""

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import vstack

from crowd.core.assignment.climbing import climb
from crowd.core.assignment.prices import Prices, bound_at
from crowd.core.assignment.problem import Bounds, Floats, Mask, Outcome, Problem, best_places, outcome_of
from crowd.core.assignment.program import Program

ROUNDS = 80
SLOWER = 0.96
MORE = 12


def compromise(problem: Problem, start: Mask, bounds: Bounds) -> Outcome:
    """The better of two climbs: from `start`, and from the assignment with the largest sum under weights that favour the badly served."""
    filled = int(start.sum())
    prices, ceiling = _lean(problem, filled, bounds.worst)
    tops = [climb(problem, begun, ceiling) for begun in (_heaviest(problem, start, prices), start)]
    known = Bounds(ceiling, bounds.total)
    return max(
        (outcome_of(problem, chosen, known, optimal=False) for chosen in tops),
        key=lambda outcome: (outcome.filled, outcome.worst, outcome.total),
    )


def _lean(problem: Problem, filled: int, ceiling: float) -> tuple[Prices, float]:
    """Prices and weights that bound the worst-served sum, by subgradient steps (weights multiplied, of mean 1), and the bound."""
    proposals, reviewers = problem.shape
    weights, prices = np.ones(proposals), np.zeros(reviewers)
    best = Prices(prices, weights)
    step = float(np.abs(problem.affinity).max()) * 0.06
    pace, depth = 1.0, int(problem.wanted.max())
    spread = max(float(problem.ceilings.std()), float(problem.ceilings.mean()), 1e-9)
    for _ in range(ROUNDS):
        gains = np.where(problem.open, problem.affinity * weights[:, None] - prices, -np.inf)
        places, now = best_places(gains, depth), Prices(prices, weights)
        bound = (bound_at(problem, now, filled, gains, places) + float((weights * problem.base).sum())) / proposals
        if bound < ceiling:
            ceiling, best = bound, now
        sums = problem.base + np.take_along_axis(problem.affinity, places, axis=1).sum(axis=1)
        asked = np.bincount(places.ravel(), minlength=reviewers)
        weights = weights * np.exp(-pace * np.clip((sums - sums.mean()) / spread, -2, 2))
        weights = weights / weights.mean()
        prices = np.maximum(0, prices + step * np.clip((asked - problem.loads) / np.maximum(problem.loads, 1), -1, 1))
        step, pace = step * SLOWER, pace * SLOWER
    return best, ceiling


def _heaviest(problem: Problem, start: Mask, prices: Prices) -> Mask:
    """The largest weighted sum: a transportation problem, so its corner solutions are whole."""
    gains = np.where(problem.open, problem.affinity * prices.proposals[:, None] - prices.reviewers, -np.inf)
    places = best_places(gains, int(problem.wanted.max()) + MORE)
    offered = start.copy()
    np.put_along_axis(offered, places, values=True, axis=1)
    rows, columns = np.nonzero(offered & problem.open)
    program = Program(problem, rows, columns, np.zeros(0, dtype=np.int64), int(start.sum()))
    weighted: Floats = program.values * prices.proposals[rows]
    wanted = problem.wanted.astype(float)
    below, limits = [program.supply()], [problem.loads.astype(float)]
    if not program.full:
        below, limits = [*below, program.demand()], [*limits, wanted]
    found = linprog(
        np.append(-weighted, 0.0),
        A_ub=vstack(below, format="csr"),
        b_ub=np.concatenate(limits),
        A_eq=program.demand() if program.full else program.everything(),
        b_eq=wanted if program.full else np.array([float(program.filled)]),
        bounds=(0, 1),
        method="highs-ds",
    )
    chosen = np.zeros(problem.shape, dtype=np.bool_)
    if found.status != 0:
        return start
    picked = found.x[:-1] > 0.5
    chosen[rows[picked], columns[picked]] = True
    return chosen if int(chosen.sum()) == int(start.sum()) else start
