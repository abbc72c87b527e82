"""Pairwise comparison by the Bradley–Terry model: how often i is preferred to j is λi / (λi + λj).

Bradley and Terry, Biometrika 39 (1952); the estimate by the MM algorithm of D. R. Hunter, "MM algorithms for generalized Bradley–Terry
models", Annals of Statistics 32 (2004), then Newton's method to the last digit.

Prior: to the comparisons, one is added for each item that it won and one that it lost against an imaginary item of strength 1 (a standard
logistic prior on each log λ). So estimates are finite and unique, and an item never compared stands at 0.
`scores`: log λ as decimal text. Standard errors from the curvature at the estimate. These are floats, the only ones in this package.

Ties: a tier of `ranking` are the items within two standard errors (of the difference) of the best of the tier, from the best down to the first
that is not. Where the last seat falls into a tier, the seed settles it; without one the higher estimate comes first (`order`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from crowd.core.tally.count import Count, Lot, Ranking, Terms, Ties, elect
from crowd.core.tally.profile import Ballots, Kind, Profile
from crowd.core.tally.suited import suited
from crowd.core.tally.totals import seats_of

METHOD = "bradley-terry"
PLACES = 9
MM_STEPS = 10
MOST_STEPS = 100
CLOSE = 1e-7  # a step this small is the last: the error after it is about its square
WITHIN = 2.0
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Estimate:
    """`strength`: log λ per item. `wins`: what it was estimated from."""

    strength: Floats
    wins: Floats

    @cached_property
    def covariance(self) -> Floats:
        """Of the estimates, item by item: the inverse of the curvature there."""
        return np.linalg.inv(_slopes(self.strength, *_met_and_won(self.wins))[1]).astype(np.float64)

    @property
    def errors(self) -> Floats:
        found: Floats = np.sqrt(np.diag(self.covariance))
        return found

    def error_between(self, one: int, other: int) -> float:
        """Standard error of the difference of two."""
        c = self.covariance
        return sqrt(max(0.0, float(c[one, one] + c[other, other] - 2 * c[one, other])))


def wins_of(ballots: Ballots, items: int) -> Floats:
    """`[i, j]`: how often i was preferred to j."""
    winner, loser = ballots.values.astype(np.int64)
    found = np.bincount(winner * items + loser, ballots.weights, items * items)
    return found.astype(np.float64).reshape(items, items)


def estimate(wins: Floats) -> Estimate:
    """From `wins[i, j]`, how often i was preferred to j."""
    size = len(wins)
    if not size:
        return Estimate(np.zeros(0), wins)
    met, won = _met_and_won(wins)
    strength = np.log(_by_mm(met, won))
    for _ in range(MOST_STEPS):
        gradient, curvature = _slopes(strength, met, won)
        step = np.linalg.solve(curvature, gradient)
        strength += step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < CLOSE:
            break
    return Estimate(strength, wins)


def _met_and_won(wins: Floats) -> tuple[Floats, Floats]:
    """How often each two met; how often each won, the prior's win included."""
    return wins + wins.T, wins.sum(axis=1) + 1


def _by_mm(met: Floats, won: Floats) -> Floats:
    """A start near the estimate: Hunter's update, a few times."""
    strength = np.ones(len(won))
    for _ in range(MM_STEPS):
        pairs = met / (strength[:, None] + strength)
        strength = won / (pairs.sum(axis=1) + 2 / (strength + 1))
    return strength


def _slopes(strength: Floats, met: Floats, won: Floats) -> tuple[Floats, Floats]:
    """Gradient and negative Hessian of the log posterior."""
    chance = 1 / (1 + np.exp(np.clip(strength - strength[:, None], -700, 700)))
    prior = 1 / (1 + np.exp(-strength))
    gradient = won - (met * chance).sum(axis=1) - 2 * prior
    shared = met * chance * (1 - chance)
    curvature = np.diag(shared.sum(axis=1) + 2 * prior * (1 - prior)) - shared
    return gradient, curvature


def next_pair(found: Estimate, met: NDArray[np.int64], lot: Lot) -> tuple[str, str] | None:
    """The pair whose comparison tells most: the greatest expected gain log(1 + p (1 - p) · variance of the difference).

    Of equals (to nine digits) the pair that met least often, then by lot. None with fewer than two items.
    """
    ids, drawn = lot.ids, {name: place for place, name in enumerate(lot.ordered(lot.ids))}

    def worth(pair: tuple[int, int]) -> tuple[float, int, int, int]:
        one, other = pair
        chance = 1 / (1 + np.exp(found.strength[other] - found.strength[one]))
        gain = np.log1p(chance * (1 - chance) * found.error_between(one, other) ** 2)
        places = sorted((drawn[ids[one]], drawn[ids[other]]))
        return round(float(gain), PLACES), -int(met[one, other]), -places[0], -places[1]

    best = max(combinations(range(len(ids)), 2), key=worth, default=None)
    return None if best is None else (ids[best[0]], ids[best[1]])


def bradley_terry(profile: Profile, terms: Terms) -> Count:
    ballots, ids = suited(profile, METHOD, (Kind.PAIR,)), profile.ids
    wins = wins_of(ballots, len(ids))
    found = estimate(wins)
    scores = {name: _decimal(value) for name, value in zip(ids, found.strength, strict=True)}
    order = sorted(range(len(ids)), key=lambda place: (-float(scores[ids[place]]), place))
    ranking = _tiers(found, order, ids)
    ties = Ties(Lot(tuple(ids[place] for place in order), terms.seed))
    return Count(
        method=METHOD,
        winners=elect(ranking, seats_of(profile, terms) if ballots.total else 0, ties),
        ranking=ranking,
        scores=scores,
        rounds=[
            {
                "round": 1,
                "standard_errors": {name: _decimal(value) for name, value in zip(ids, found.errors, strict=True)},
                "won": {name: int(number) for name, number in zip(ids, wins.sum(axis=1), strict=True)},
                "lost": {name: int(number) for name, number in zip(ids, wins.sum(axis=0), strict=True)},
            }
        ],
        ties=ties.all,
        ballots=ballots.total,
        invalid=profile.read - ballots.total,
    )


def _tiers(found: Estimate, order: Sequence[int], ids: Sequence[str]) -> Ranking:
    tiers: list[list[int]] = []
    for place in order:
        if tiers and _alike(found, tiers[-1][0], place):
            tiers[-1].append(place)
        else:
            tiers.append([place])
    return tuple(tuple(ids[place] for place in tier) for tier in tiers)


def _alike(found: Estimate, best: int, other: int) -> bool:
    apart = float(found.strength[best] - found.strength[other])
    return apart <= WITHIN * found.error_between(best, other)


def _decimal(value: float) -> str:
    text = f"{value:.{PLACES}f}"
    return text.removeprefix("-") if float(text) == 0 else text
