"""How well planted leniency is undone: python -m bench.calibration [--seeds 200]

Qualities, leniencies and noise are drawn, each proposal is scored by random reviewers on a scale of six levels, and the orders by raw mean, by
the mean of scores standardised per reviewer, and by adjusted score are compared with the true qualities (Spearman's rank correlation).
"nearer": in how many of the seeds the adjusted order is the nearest of the three. Also how far the leniencies found are from those planted
(correlation), how often the truth lies within 1.96 standard errors, and the processor time.
"""

import argparse
import time
from collections import defaultdict

import numpy as np
from scipy.stats import spearmanr

from crowd.core.calibration import Scored, calibrate

SIZES = ((30, 7, 3), (60, 12, 4), (200, 25, 3))
SPREADS = (0.3, 0.6, 1.0)


def planted(seed: int, size: tuple[int, int, int], spread: float) -> tuple[list[Scored], np.ndarray, np.ndarray]:
    proposals, reviewers, each = size
    rng = np.random.default_rng(seed)
    quality, leniency = rng.normal(0, 0.8, proposals), rng.normal(0, spread, reviewers)
    scores = []
    for row in range(proposals):
        for who in rng.choice(reviewers, each, replace=False):
            value = 2.5 + quality[row] + leniency[who] + rng.normal(0, 0.6)
            scores.append(Scored(f"{row:04}", f"{who:03}", float(np.clip(np.rint(value), 0, 5))))
    return scores, quality, leniency


def standardised(scores: list[Scored], proposals: int) -> np.ndarray:
    """Per proposal the mean of z-scores, each reviewer's by their own mean and deviation."""
    by_reviewer = defaultdict(list)
    for one in scores:
        by_reviewer[one.reviewer].append(one.score)
    sums, counts = np.zeros(proposals), np.zeros(proposals)
    for one in scores:
        mine = np.array(by_reviewer[one.reviewer])
        sums[int(one.proposal)] += (one.score - mine.mean()) / (mine.std() or 1)
        counts[int(one.proposal)] += 1
    return sums / counts


def measure(size: tuple[int, int, int], spread: float, seeds: int) -> str:
    found, nearest, lenient, inside, begin = [], 0, [], [], time.process_time()
    for seed in range(seeds):
        scores, quality, leniency = planted(seed, size, spread)
        answer = calibrate(scores)
        ones = [one for _, one in sorted(answer.proposals.items())]
        orders = ([one.raw for one in ones], standardised(scores, size[0]), [one.adjusted for one in ones])
        found.append([spearmanr(order, quality).statistic for order in orders])
        nearest += found[-1][2] >= max(found[-1])
        people = {who: one.leniency for who, one in answer.reviewers.items()}
        lenient.append(np.corrcoef(list(people.values()), [leniency[int(who)] for who in people])[0, 1])
        inside.append(
            np.mean([abs(o.adjusted - 2.5 - q) < 1.96 * o.standard_error for o, q in zip(ones, quality, strict=True)])
        )
    raw, scored, adjusted = np.mean(found, axis=0)
    spent = (time.process_time() - begin) / seeds * 1000
    return (
        f"| {size[0]} × {size[1]}, {size[2]} each | {spread} | {raw:.3f} | {scored:.3f} | {adjusted:.3f} | {nearest / seeds:.0%} | "
        f"{np.mean(lenient):.3f} | {np.mean(inside):.0%} | {spent:.0f} ms |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    seeds = parser.parse_args().seeds
    print(
        "| proposals × reviewers | leniency | raw mean | z-scores | adjusted | nearest | leniency found | covered | each |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for size in SIZES:
        for spread in SPREADS:
            print(measure(size, spread, seeds), flush=True)


if __name__ == "__main__":
    main()
