"""An assignment to make, and one that was made."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

BEGINNINGS = 32


@dataclass(frozen=True)
class Problem:
    """`affinity` and `allowed`: proposals × reviewers; `loads`: most per reviewer; `wanted`: reviewers per proposal, at least 0.

    `base`: what each proposal has already, from reviewers that stay.
    """

    affinity: Floats
    allowed: Mask
    loads: Ints
    wanted: Ints
    base: Floats

    @property
    def shape(self) -> tuple[int, int]:
        return self.affinity.shape[0], self.affinity.shape[1]

    @cached_property
    def open(self) -> Mask:
        """Pairs that may be used at all."""
        return self.allowed & (self.loads > 0)[None, :] & (self.wanted > 0)[:, None]

    @cached_property
    def ceilings(self) -> Floats:
        """The largest sum each proposal could have if the reviewers were all its own, the same number of places filled or fewer."""
        reviewers = self.shape[1]
        best = np.where(self.open, self.affinity, -np.inf)
        depth = min(int(self.wanted.max(initial=0)), reviewers)
        if not depth:
            return self.base
        found = -np.sort(-top(best, depth), axis=1)
        found[(np.arange(depth)[None, :] >= self.wanted[:, None]) | ~np.isfinite(found)] = 0
        return np.asarray(self.base + np.maximum(np.cumsum(found, axis=1).max(axis=1), 0))


@dataclass(frozen=True)
class Bounds:
    """What no assignment with as many places filled can pass. `total`, without what was there before, holds for those that serve the worst as well as the outcome."""

    worst: float
    total: float


@dataclass(frozen=True)
class Outcome:
    """`chosen`: proposals × reviewers. `optimal`: proven the best there is, up to rounding (a billionth of the largest affinity)."""

    chosen: Mask
    sums: Floats
    worst: float
    total: float
    missing: Ints
    bounds: Bounds
    optimal: bool

    @property
    def filled(self) -> int:
        return int(self.chosen.sum())


def top(values: Floats, depth: int) -> Floats:
    """The `depth` largest of each row, in no order."""
    if depth >= values.shape[1]:
        return values
    return np.asarray(np.partition(values, values.shape[1] - depth, axis=1)[:, -depth:])


def best_places(values: npt.NDArray[np.floating[Any]], depth: int) -> Ints:
    """Columns of the `depth` largest of each row, the largest first. A few look-ups are many times as fast as one partition.

    Among equal ones different rows begin at different columns, lest all of them choose the first.
    """
    rows, columns = values.shape
    if depth >= columns:
        return np.tile(np.arange(columns), (rows, 1))
    places = np.empty((rows, depth), dtype=np.int64)
    for first in range(min(BEGINNINGS, rows)):
        shift = first * columns // BEGINNINGS
        # what is closed stays above what is taken
        left = np.roll(np.maximum(values[first::BEGINNINGS], np.finfo(values.dtype).min), -shift, axis=1)
        lines = np.arange(len(left))
        for step in range(depth):
            found = left.argmax(axis=1)
            left[lines, found] = -np.inf
            places[first::BEGINNINGS, step] = (found + shift) % columns
    return places


def sums_of(problem: Problem, chosen: Mask) -> Floats:
    """Per proposal, rounded once."""
    rows, columns = np.nonzero(chosen)
    lists: list[list[float]] = [[] for _ in range(problem.shape[0])]
    for row, value in zip(rows.tolist(), problem.affinity[rows, columns].tolist(), strict=True):
        lists[row].append(value)
    return np.array([math.fsum([base, *values]) for base, values in zip(problem.base.tolist(), lists, strict=True)])


def outcome_of(problem: Problem, chosen: Mask, bounds: Bounds, *, optimal: bool) -> Outcome:
    sums = sums_of(problem, chosen)
    total = math.fsum(problem.affinity[chosen].tolist())
    worst = float(sums.min()) if len(sums) else 0.0
    missing = problem.wanted - chosen.sum(axis=1)
    return Outcome(
        chosen, sums, worst, total, missing, Bounds(max(bounds.worst, worst), max(bounds.total, total)), optimal
    )
