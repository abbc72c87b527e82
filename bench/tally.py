"""How fast ballots in memory are counted: python -m bench.tally [--ballots 1000000] [--sample 2000] [--skip NAME …]

Each line is ours beside a yardstick in the same run, in processor seconds. Approval and score: one numpy sum over the same array. Ranked methods:
the same rule in plain Python, by the libraries of tests/requirements-cross.txt, on a sample of the ballots and multiplied up (it is linear
in them; building their objects is not counted). Equal Shares and Bradley–Terry: pabutools and choix on the same election, same result. pabutools
runs in a process of its own and is ended after fifteen minutes of the processor; then the winners are compared at the smaller sizes only.
"""

import argparse
import multiprocessing
import resource
import signal
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import choix
import numpy as np
import pabutools.election as pb
import pyrankvote
from pabutools.rules import method_of_equal_shares
from pabutools.tiebreaking import TieBreakingRule
from pref_voting.profiles import Profile as TheirProfile
from pref_voting.voting_methods import beat_path

from crowd.core.tally.bradley_terry import estimate, wins_of
from crowd.core.tally.count import Lot, Terms
from crowd.core.tally.equal_shares import buy, market_of
from crowd.core.tally.methods import tally
from crowd.core.tally.profile import Ballots, Candidate, Kind, Profile
from tests.core.tally.naive import Scottish, runoff

CANDIDATES = 50
PATIENCE = 15 * 60
rng = np.random.default_rng(1)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.process_time()
    done = work()
    return time.process_time() - begin, done


def best(work: Callable[[], Any], times: int = 5) -> float:
    return min(timed(work)[0] for _ in range(times))


def profile_of(kind: Kind, values: Any, **more: Any) -> Profile:
    people = tuple(Candidate(str(place)) for place in range(len(values)))
    return Profile(people, {kind: Ballots(kind, values, np.ones(values.shape[1], dtype=np.int64))}, **more)


def row(name: str, ours: float, theirs: float, what: str) -> None:
    ratio = f"{ours / theirs:.2f} × its time" if ours > theirs else f"{theirs / ours:.0f} × faster"
    print(f"| {name} | {ours:.3f} s | {theirs:.3f} s | {ratio} | {what} |", flush=True)


def marks_and_scores(ballots: int) -> None:
    for method, kind, highest in (("approval", Kind.APPROVE, 1), ("score", Kind.SCORE, 5)):
        values = rng.integers(0, highest + 1, (CANDIDATES, ballots), dtype=np.int8)
        profile = profile_of(kind, values)
        ours = best(lambda method=method, profile=profile: tally(profile, method, Terms()))
        row(method, ours, best(lambda values=values: values.sum(axis=1, dtype=np.int64)), "one numpy sum of the array")


def rankings(ballots: int) -> Any:
    """Random orders with a lean towards the first candidates, cut off anywhere."""
    keys = rng.random((ballots, CANDIDATES), dtype=np.float32) + np.linspace(0, 0.5, CANDIDATES, dtype=np.float32)
    ranks = (keys.argsort(axis=1).argsort(axis=1) + 1).astype(np.int8)
    ranks[ranks > rng.integers(1, CANDIDATES + 1, (ballots, 1))] = np.iinfo(np.int8).max
    return np.ascontiguousarray(ranks.T)


def orders_of(values: Any, sample: int) -> list[list[int]]:
    none = np.iinfo(values.dtype).max
    rows = values[:, :sample].T
    return [[int(place) for place in np.argsort(line, kind="stable") if line[place] != none] for line in rows]


def ranked(ballots: int, sample: int) -> None:
    values = rankings(ballots)
    profile, orders = profile_of(Kind.RANK, values), orders_of(values, sample)
    times = ballots / sample
    plain = [tuple((place,) for place in order) for order in orders]
    people = [pyrankvote.Candidate(str(place)) for place in range(CANDIDATES)]
    papers = [pyrankvote.Ballot([people[place] for place in order]) for order in orders]
    irv = best(lambda: tally(profile, "irv", Terms()), 2)
    stv = best(lambda: tally(profile, "stv-scottish", Terms(seats=5)), 2)
    schulze = best(lambda: tally(profile, "schulze", Terms()), 2)
    theirs = timed(lambda: pyrankvote.instant_runoff_voting(people, papers))[0] * times
    row("irv", irv, theirs, "pyrankvote, instant runoff")
    row("irv", irv, timed(lambda: runoff(CANDIDATES, plain))[0] * times, "the same rule in plain Python")
    theirs = timed(lambda: pyrankvote.single_transferable_vote(people, papers, 5))[0] * times
    row("stv-scottish, 5 seats", stv, theirs, "pyrankvote, another STV")
    row(
        "stv-scottish, 5 seats",
        stv,
        timed(lambda: Scottish(CANDIDATES, plain, 5))[0] * times,
        "the same in plain Python",
    )
    row("schulze", schulze, timed(lambda: _duels(orders))[0] * times, "the matrix of duels in plain Python")
    whole = [[*order, *(place for place in range(CANDIDATES) if place not in order)] for order in orders]
    beat_path(TheirProfile(whole[:20]))  # compiles
    row(
        "schulze",
        schulze,
        timed(lambda: beat_path(TheirProfile(whole)))[0] * times,
        "pref_voting, beat path (compiled)",
    )


def _duels(orders: Sequence[Sequence[int]]) -> list[list[int]]:
    wins = [[0] * CANDIDATES for _ in range(CANDIDATES)]
    for order in orders:
        behind = set(range(CANDIDATES))
        for first in order:
            behind.discard(first)
            for second in behind:
                wins[first][second] += 1
    return wins


def budgets(projects: int, voters: int) -> None:
    """Voters mark about ten projects each, popular ones more often."""
    chance = np.sort(rng.pareto(1.5, projects) + 0.1)[::-1]
    marks = (rng.random((projects, voters)) < (10 * chance / chance.sum())[:, None]).astype(np.int8)
    costs = [Fraction(int(cost)) for cost in rng.integers(1_000, 60_000, projects)]
    names = tuple(f"p{place:04}" for place in range(projects))
    budget = Fraction(20 * voters)
    ballots = Ballots(Kind.APPROVE, marks, np.ones(voters, dtype=np.int64))
    ours, run = timed(lambda: buy(market_of(ballots, costs, Lot(names)), budget))
    name = f"pb-equal-shares, {projects:,} × {voters:,}"
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    child = context.Process(target=_their_shares, args=(answers, names, costs, marks, int(budget)))
    child.start()
    child.join()
    if child.exitcode == -signal.SIGXCPU:
        row(name, ours, PATIENCE, "at least; pabutools, ended by then")
        return
    spent, bought = answers.get()
    same = {names[project] for project in run.bought} == bought
    row(name, ours, spent, f"pabutools, same winners: {same}")


def _their_shares(answers: Any, names: Sequence[str], costs: Sequence[Fraction], marks: Any, budget: int) -> None:
    """In a process of its own, which the kernel ends once its patience is over; building the objects is not counted."""
    theirs = [pb.Project(name, int(cost)) for name, cost in zip(names, costs, strict=True)]
    instance = pb.Instance(theirs, budget_limit=budget)
    papers = pb.ApprovalProfile(
        [pb.ApprovalBallot(theirs[place] for place in np.flatnonzero(column)) for column in marks.T], instance=instance
    )
    votes = dict(zip(names, marks.sum(axis=1).tolist(), strict=True))
    order = TieBreakingRule(lambda _instance, _profile, project: (project.cost, -votes[project.name], project.name))
    end = int(time.process_time() + PATIENCE) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (end, end + 10))
    spent, found = timed(
        lambda: method_of_equal_shares(
            instance, papers, sat_class=pb.Cost_Sat, tie_breaking=order, voter_budget_increment=1
        )
    )
    answers.put((spent, {project.name for project in found}))


def comparisons(items: int, many: int) -> None:
    strength = rng.normal(0, 1, items)
    first, second = rng.integers(0, items, many), rng.integers(0, items - 1, many)
    second += second >= first
    won = rng.random(many) < 1 / (1 + np.exp(strength[second] - strength[first]))
    pairs = np.where(won, [first, second], [second, first])

    ballots = Ballots(Kind.PAIR, pairs, np.ones(many, dtype=np.int64))
    ours, found = timed(lambda: estimate(wins_of(ballots, items)).strength)
    prior = [pair for item in range(items) for pair in ((item, items), (items, item))]
    data = [*map(tuple, pairs.T.tolist()), *prior]
    spent, theirs = timed(lambda: choix.ilsr_pairwise(items + 1, data, tol=1e-9))
    apart = float(np.abs(found - (theirs[:-1] - theirs[-1])).max())
    row(f"bradley-terry, {items:,} items, {many:,}", ours, spent, f"choix (I-LSR), estimates apart by {apart:.0e}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ballots", type=int, default=1_000_000)
    parser.add_argument("--sample", type=int, default=2_000)
    parser.add_argument("--skip", nargs="*", default=[], choices=["marks", "ranked", "budgets", "comparisons"])
    asked = parser.parse_args()
    print("| count | ours | theirs | ratio | beside |\n|---|---|---|---|---|")
    if "marks" not in asked.skip:
        marks_and_scores(asked.ballots)
    if "ranked" not in asked.skip:
        ranked(asked.ballots, asked.sample)
    if "budgets" not in asked.skip:
        for projects, voters in ((100, 2_000), (1_000, 2_000), (1_000, 10_000), (1_000, asked.ballots // 10)):
            budgets(projects, voters)
    if "comparisons" not in asked.skip:
        comparisons(1_000, asked.ballots)


if __name__ == "__main__":
    main()
