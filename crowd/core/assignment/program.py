"""The program over chosen pairs: constraints in the form scipy's solvers take, and its integer solution."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, csr_array

from crowd.core.assignment.problem import Floats, Ints, Mask, Problem

SCALE = 100.0
"""Affinities are scaled to at most this: the solvers' tolerances are absolute."""
SECONDS = 15.0
"""After which an integer program ends with the best found and a bound instead of a proof."""


@dataclass(frozen=True)
class Program:
    """Variables: one per pair, then the floor. `guarded`: proposals whose sum is held to the floor. `filled`: how many places."""

    problem: Problem
    rows: Ints
    columns: Ints
    guarded: Ints
    filled: int

    @property
    def values(self) -> Floats:
        return self.problem.affinity[self.rows, self.columns]

    @property
    def full(self) -> bool:
        return self.filled == int(self.problem.wanted.sum())

    def demand(self) -> csr_array:
        """Places filled per proposal."""
        pairs = np.arange(len(self.rows))
        return csr_array((np.ones(len(pairs)), (self.rows, pairs)), shape=(self.problem.shape[0], len(pairs) + 1))

    def everything(self) -> csr_array:
        return csr_array(np.concatenate([np.ones(len(self.rows)), [0.0]])[None, :])

    def supply(self) -> csr_array:
        pairs = np.arange(len(self.rows))
        return csr_array((np.ones(len(pairs)), (self.columns, pairs)), shape=(self.problem.shape[1], len(pairs) + 1))

    def floors(self) -> csr_array:
        """For each guarded proposal: floor − sum ≤ base."""
        line = np.full(self.problem.shape[0], -1)
        line[self.guarded] = np.arange(len(self.guarded))
        held = np.flatnonzero(line[self.rows] >= 0)
        sums = csr_array((-self.values[held], (line[self.rows[held]], held)), shape=(len(self.guarded), len(self.rows)))
        return csr_array(block_array([[sums, csr_array(np.ones((len(self.guarded), 1)))]]))


@dataclass(frozen=True)
class Solved:
    """`bound`: no solution has a larger objective."""

    picked: Mask
    bound: float


def integer(program: Program, weights: Floats, floor: tuple[float, float]) -> Solved | None:
    """Maximise `weights` (one per pair, one for the floor), the floor kept between two numbers; None if no solution was found."""
    pairs = len(program.rows)
    wanted = program.problem.wanted.astype(float)
    limits = [
        LinearConstraint(program.demand(), wanted if program.full else 0, wanted),
        LinearConstraint(program.supply(), 0, program.problem.loads.astype(float)),
        LinearConstraint(program.floors(), -np.inf, program.problem.base[program.guarded]),
    ]
    if not program.full:
        limits.append(LinearConstraint(program.everything(), program.filled, program.filled))
    found = milp(
        -weights,
        constraints=limits,
        integrality=np.append(np.ones(pairs), 0),
        bounds=Bounds(np.append(np.zeros(pairs), floor[0]), np.append(np.ones(pairs), floor[1])),
        options={"time_limit": SECONDS, "mip_rel_gap": 0},
    )
    if found.x is None:
        return None
    return Solved(np.asarray(found.x[:-1] > 0.5), -float(found.mip_dual_bound))
