"""How well and how fast reviewers are assigned: python -m bench.assignment [--proposals 10000] [--reviewers 500] [--reviews 3]

Each line is one kind of affinities, in a process of its own: wall and processor seconds, highest memory, the sum of the worst served and
of all as a share of the bound no assignment passes, and the same of greed (pairs by falling affinity, each taken if there is room).
"topics": expertise and content over twenty topics, cosine; "even": independent; "sparse": one pair in twenty-five has any; "contested": all want
the same few reviewers, the hardest kind. One pair in fifty is a conflict; there is 5 % more room than needed.
"""

import argparse
import multiprocessing
import resource
import time

import numpy as np

from crowd.core.assignment import Bounds, Problem, assign
from crowd.core.assignment.filling import greedy
from crowd.core.assignment.problem import outcome_of

KINDS = ("topics", "even", "sparse", "contested")


def problem_of(kind: str, proposals: int, reviewers: int, reviews: int) -> Problem:
    rng = np.random.default_rng(1)
    if kind == "topics":
        content, skill = rng.dirichlet(np.full(20, 0.2), proposals), rng.dirichlet(np.full(20, 0.3), reviewers)
        content /= np.linalg.norm(content, axis=1, keepdims=True)
        affinity = content @ (skill / np.linalg.norm(skill, axis=1, keepdims=True)).T
    else:
        affinity = rng.random((proposals, reviewers))
        if kind == "sparse":
            affinity *= rng.random(affinity.shape) < 1 / 25
        if kind == "contested":
            affinity *= rng.random(reviewers) ** 2
    load = int(np.ceil(proposals * reviews / reviewers * 1.05))
    allowed = rng.random(affinity.shape) > 1 / 50
    return Problem(affinity, allowed, np.full(reviewers, load), np.full(proposals, reviews), np.zeros(proposals))


def measure(kind: str, proposals: int, reviewers: int, reviews: int) -> None:
    problem = problem_of(kind, proposals, reviewers, reviews)
    begin, used = time.perf_counter(), time.process_time()
    found = assign(problem)
    wall, cpu = time.perf_counter() - begin, time.process_time() - used
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    base = outcome_of(problem, greedy(problem), Bounds(0, 0), optimal=False)
    worst, total = found.bounds.worst or 1, found.bounds.total or 1
    print(
        f"| {kind} | {wall:.1f} s | {cpu:.1f} s | {memory:.2f} GiB | {found.filled:,} | {found.worst / worst:.4f} | "
        f"{found.total / total:.6f} | {base.filled:,} | {base.worst / worst:.4f} | {base.total / total:.6f} |",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--proposals", type=int, default=10_000)
    parser.add_argument("--reviewers", type=int, default=500)
    parser.add_argument("--reviews", type=int, default=3)
    parser.add_argument("--kinds", nargs="*", default=list(KINDS), choices=KINDS)
    asked = parser.parse_args()
    print(
        "| affinities | wall | processor | memory | filled | worst / bound | total / bound | greedy: filled | worst | total |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for kind in asked.kinds:
        size = (asked.proposals, asked.reviewers, asked.reviews)
        process = multiprocessing.get_context("spawn").Process(target=measure, args=(kind, *size))
        process.start()
        process.join()


if __name__ == "__main__":
    main()
