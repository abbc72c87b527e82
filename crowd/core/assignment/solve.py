"""The way in: small instances exactly, large ones by the relaxation."""

from dataclasses import replace

import numpy as np

from crowd.core.assignment.contested import compromise
from crowd.core.assignment.filling import fullest
from crowd.core.assignment.large import relaxed
from crowd.core.assignment.prices import ask
from crowd.core.assignment.problem import Bounds, Mask, Outcome, Problem, outcome_of, sums_of
from crowd.core.assignment.program import SCALE, Program, integer

SMALL = 1_500
"""Pairs up to which the whole is solved as an integer program."""
NEAR = 1e-7 * SCALE


def assign(problem: Problem) -> Outcome:
    """Fill as many places as can be, then make the smallest sum of affinities as large as can be, then the sum of all."""
    if not problem.open.any():
        nothing = np.zeros(problem.shape, dtype=np.bool_)
        return outcome_of(problem, nothing, Bounds(-np.inf, 0.0), optimal=True)
    largest = float(np.abs(problem.affinity[problem.open]).max()) or 1.0
    scale = SCALE / largest
    scaled = replace(problem, affinity=np.where(problem.open, problem.affinity, 0.0) * scale, base=problem.base * scale)
    prices = ask(scaled)
    start = fullest(scaled, prices)
    small = int(problem.open.sum()) <= SMALL
    found = exactly(scaled, start) if small else relaxed(scaled, start, prices)
    bounds = Bounds(found.bounds.worst / scale, found.bounds.total / scale)
    return outcome_of(problem, found.chosen, bounds, optimal=found.optimal)


def exactly(problem: Problem, start: Mask) -> Outcome:
    """By two integer programs: the largest floor, then the largest total on it."""
    rows, columns = np.nonzero(problem.open)
    program = Program(problem, rows, columns, np.arange(problem.shape[0]), int(start.sum()))
    ceiling = float(problem.ceilings.min())
    lowest = float(problem.base.min()) + min(0.0, float(problem.affinity.min()) * int(problem.wanted.max()))
    first = integer(program, np.append(np.zeros(len(rows)), 1.0), (lowest, ceiling))
    chosen = _placed(problem, program, first.picked) if first else start
    floor = float(sums_of(problem, chosen).min())
    worst = min(first.bound, ceiling) if first else ceiling
    second = integer(program, np.append(program.values, 0.0), (floor - NEAR / 100, max(floor, ceiling)))
    total = second.bound if second else float((problem.ceilings - problem.base).sum())
    if second:
        better = _placed(problem, program, second.picked)
        if sums_of(problem, better).min() >= floor - NEAR:
            chosen = better
    made = outcome_of(problem, chosen, Bounds(worst, total), optimal=False)
    if worst - made.worst > NEAR:
        other = compromise(problem, start, made.bounds)
        made = max(made, other, key=lambda outcome: (outcome.worst, outcome.total))
        made = replace(made, bounds=Bounds(min(worst, other.bounds.worst), max(total, other.bounds.total)))
    proven = made.bounds.worst - made.worst <= NEAR and made.bounds.total - made.total <= NEAR * max(1, made.filled)
    return replace(made, optimal=proven)


def _placed(problem: Problem, program: Program, picked: Mask) -> Mask:
    chosen = np.zeros(problem.shape, dtype=np.bool_)
    chosen[program.rows[picked], program.columns[picked]] = True
    return chosen
