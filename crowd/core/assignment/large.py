"""Large instances: a linear program over few of the pairs, prices that prove the rest superfluous, and a small integer program."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import vstack

from crowd.core.assignment.climbing import climb
from crowd.core.assignment.contested import compromise
from crowd.core.assignment.prices import Prices, worth
from crowd.core.assignment.problem import Bounds, Floats, Ints, Mask, Outcome, Problem, best_places, outcome_of
from crowd.core.assignment.program import Program, integer

MORE = 12
"""Reviewers per proposal the first program may choose from, beyond those it needs."""
ROUNDS = 12
FEW = 400
"""Proposals that may be left fractional for the integer program."""
CLOSE = 1e-6
ENOUGH = 5e-6
"""Share of the total that pairs left out might still add: making things whole costs more."""
FAR = 0.05
"""With the worst served so far (as a share) below what it could be alone, the reviewers are contested: another way is better."""
STEPS = 25_000
"""Of the simplex method, after which a program is given up: the same answer on any machine, however busy. `LONGEST` (seconds) is for
machines that are beyond hope."""
LONGEST = 240.0


@dataclass(frozen=True)
class _Relaxation:
    """`shares`: of each pair in the program; `total`: a bound on the sum of any assignment that keeps `floor`."""

    program: Program
    shares: Floats
    floor: float
    total: float


def relaxed(problem: Problem, start: Mask, prices: Prices) -> Outcome:
    """From `start`, an assignment with as many places filled as any."""
    filled = int(start.sum())
    ceiling = float(problem.ceilings.min())
    free = worth(problem, prices, filled)
    found = _generate(problem, start, prices, ceiling)
    if found is not None and found.floor >= ceiling - CLOSE:
        chosen = climb(problem, _round(problem, found, ceiling), ceiling)
        outcome = outcome_of(problem, chosen, Bounds(ceiling, min(found.total, free)), optimal=False)
        if outcome.filled == filled and outcome.worst >= ceiling - CLOSE:
            gap = outcome.bounds.total - outcome.total
            return replace(outcome, optimal=gap <= CLOSE * max(1.0, outcome.bounds.total))
        start = chosen if outcome.filled == filled else start
    return compromise(problem, start, Bounds(ceiling, free))


def _generate(problem: Problem, start: Mask, prices: Prices, ceiling: float) -> _Relaxation | None:
    """Solve over the pairs that look best at the prices; add pairs and guards until neither is missing."""
    filled, columns = int(start.sum()), problem.shape[1]
    priced = np.where(problem.open, problem.affinity - prices.reviewers, -np.inf)
    most = int(problem.wanted.max())
    keys = _keys(problem, best_places(priced, most + MORE))
    keys = np.union1d(keys, np.flatnonzero(start))
    guarded = np.zeros(problem.shape[0], dtype=np.bool_)
    guarded[np.argsort(problem.ceilings, kind="stable")[:100]] = True
    for _ in range(ROUNDS):
        rows, places = np.divmod(keys, columns)
        program = Program(problem, rows, places, np.flatnonzero(guarded), filled)
        solved = _linear(program, ceiling)
        if solved is None:
            return None
        shares, floor, prices = solved
        if floor < ceiling - FAR * abs(ceiling):
            return None
        sums = problem.base + np.bincount(rows, shares * program.values, minlength=problem.shape[0])
        below = sums < floor - CLOSE
        over = float(((prices.proposals - 1) * (ceiling - problem.base)).sum())
        bound = worth(problem, prices, filled) - over
        if not below.any() and bound - float(sums.sum() - problem.base.sum()) <= ENOUGH * max(1.0, bound):
            return _Relaxation(program, shares, floor, bound)
        guarded |= below
        priced = np.where(problem.open, problem.affinity * prices.proposals[:, None] - prices.reviewers, -np.inf)
        keys = np.union1d(keys, _keys(problem, best_places(priced, most + 3)))
    return None


def _keys(problem: Problem, places: Ints) -> Ints:
    rows = np.repeat(np.arange(problem.shape[0]), places.shape[1])
    keys = rows * problem.shape[1] + places.ravel()
    return np.asarray(np.sort(keys[problem.open.ravel()[keys]]))


def _linear(program: Program, ceiling: float) -> tuple[Floats, float, Prices] | None:
    """Maximise the total and, far above it, the floor."""
    problem, pairs = program.problem, len(program.rows)
    lead = float(problem.shape[0])
    wanted = problem.wanted.astype(float)
    below = [program.supply(), program.floors()]
    limits = [problem.loads.astype(float), problem.base[program.guarded]]
    if not program.full:
        below, limits = [*below, program.demand()], [*limits, wanted]
    found = linprog(
        np.append(-program.values, -lead),
        A_ub=vstack(below, format="csr"),
        b_ub=np.concatenate(limits),
        A_eq=program.demand() if program.full else program.everything(),
        b_eq=wanted if program.full else np.array([float(program.filled)]),
        bounds=np.stack([np.append(np.zeros(pairs), -np.inf), np.append(np.ones(pairs), ceiling)], axis=1),
        method="highs-ds",
        options={"maxiter": STEPS, "time_limit": LONGEST},
    )
    if found.status != 0:
        return None
    reviewers = problem.shape[1]
    marginals = -np.asarray(found.ineqlin.marginals)
    proposals = np.ones(problem.shape[0])
    proposals[program.guarded] += marginals[reviewers : reviewers + len(program.guarded)]
    places = 0.0 if program.full else -float(found.eqlin.marginals[0])
    return (
        np.asarray(found.x[:-1]),
        float(found.x[-1]),
        Prices(np.maximum(marginals[:reviewers], 0), proposals, places),
    )


def _round(problem: Problem, found: _Relaxation, ceiling: float) -> Mask:
    """Keep the proposals whose reviewers are whole; settle the others among what is left."""
    program, shares = found.program, found.shares
    broken = np.zeros(problem.shape[0], dtype=np.bool_)
    broken[program.rows[(shares > CLOSE) & (shares < 1 - CLOSE)]] = True
    chosen = np.zeros(problem.shape, dtype=np.bool_)
    whole = (shares > 0.5) & ~broken[program.rows]
    chosen[program.rows[whole], program.columns[whole]] = True
    lost = np.flatnonzero(broken)
    if len(lost) and len(lost) <= FEW:
        rest = replace(
            problem,
            affinity=problem.affinity[lost],
            allowed=problem.allowed[lost],
            loads=problem.loads - chosen.sum(axis=0),
            wanted=problem.wanted[lost],
            base=problem.base[lost],
        )
        rows, columns = np.nonzero(_offered(problem, program)[lost] & rest.open)
        small = Program(rest, rows, columns, np.arange(len(lost)), program.filled - int(whole.sum()))
        lead = float(problem.shape[0])
        settled = integer(small, np.append(small.values, lead), (-np.inf, ceiling))
        if settled is not None:
            chosen[lost[rows[settled.picked]], columns[settled.picked]] = True
    return chosen


def _offered(problem: Problem, program: Program) -> Mask:
    offered = np.zeros(problem.shape, dtype=np.bool_)
    offered[program.rows, program.columns] = True
    return offered
