"""What a place with each reviewer is worth: prices give a bound that holds whatever they are, and show which pairs matter."""

from dataclasses import dataclass

import numpy as np

from crowd.core.assignment.problem import Floats, Ints, Problem, best_places

ROUNDS = 40
SLOWER = 0.9


@dataclass(frozen=True)
class Prices:
    """`reviewers`: of one place with each; `proposals`: how much a unit of each one's sum counts; `places`: of filling one at all."""

    reviewers: Floats
    proposals: Floats
    places: float = 0.0


def worth(problem: Problem, prices: Prices, filled: int) -> float:
    """No assignment with `filled` places has a larger sum of affinities, each proposal's counted `prices.proposals` times."""
    gains = problem.affinity * prices.proposals[:, None] - prices.reviewers - prices.places
    gains = np.where(problem.open, gains, -np.inf)
    return bound_at(problem, prices, filled, gains, best_places(gains, int(problem.wanted.max())))


def bound_at(problem: Problem, prices: Prices, filled: int, gains: Floats, places: Ints) -> float:
    """`worth`, where the gains at these prices and the best places by them are known already."""
    bound = float((problem.loads * prices.reviewers).sum()) + prices.places * filled
    best = -np.sort(-np.take_along_axis(gains, places, axis=1), axis=1)
    best[(np.arange(best.shape[1])[None, :] >= problem.wanted[:, None]) | ~np.isfinite(best)] = 0
    full = filled == int(problem.wanted.sum())
    return bound + float((best if full else np.maximum(best, 0)).sum())


def ask(problem: Problem) -> Prices:
    """Let the proposals choose, raise the price of reviewers chosen too often, lower the others': subgradient steps, best kept."""
    reach = np.where(problem.open, problem.affinity, -np.inf).astype(np.float32)
    prices, best, lowest = np.zeros(problem.shape[1]), np.zeros(problem.shape[1]), np.inf
    step = float(np.abs(problem.affinity).max()) * 0.06
    depth = int(problem.wanted.max())
    for _ in range(ROUNDS):
        gains = reach - prices.astype(np.float32)
        places = best_places(gains, depth)
        taken = np.take_along_axis(gains, places, axis=1)
        bound = float(taken[np.isfinite(taken)].sum(dtype=np.float64)) + float((problem.loads * prices).sum())
        if bound < lowest:
            lowest, best = bound, prices
        asked = np.bincount(places.ravel(), minlength=problem.shape[1])
        prices = np.maximum(0, prices + step * np.clip((asked - problem.loads) / np.maximum(problem.loads, 1), -1, 1))
        step *= SLOWER
    return Prices(best, np.ones(problem.shape[0]))
