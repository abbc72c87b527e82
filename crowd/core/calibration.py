"""Scores beside what they would be if all reviewers were equally lenient.

score = mean + quality of the proposal + leniency of the reviewer + noise, all three normal with variances estimated from the scores
by restricted maximum likelihood (D. Harville, "Maximum likelihood approaches to variance component estimation", JASA 72, 1977; by
expectation–maximisation), quality and leniency by Henderson's mixed model equations (C. Henderson, "Best linear unbiased estimation
and prediction under a selection model", Biometrics 31, 1975). Both shrink towards 0 the more the fewer reviews stand behind them:
empirical Bayes. Standard errors are those of the prediction, the variances taken as known. The model assumes that reviewers get
their proposals without regard to quality, that leniency is the same for all of them, and that scores stand on an even scale.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from crowd.core.scoring import Adjusted

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

DRAWS = 1_000
SEED = 20_260
SURE = 0.95
"""Two proposals are told apart if one is ahead in at least this share of the draws."""
LEAST = 2
"""Reviews of a proposal, and by a reviewer, below which a number is "not enough to adjust"."""
PASSES = 400
STILL = 1e-7


@dataclass(frozen=True)
class Scored:
    """One review's total."""

    proposal: str
    reviewer: str
    score: float


@dataclass(frozen=True)
class Calibrated:
    """`adjusted` and `standard_error` are None if the whole table is too small; `enough`: whether to lean on them for this one."""

    raw: float
    adjusted: float | None
    standard_error: float | None
    reviews: int
    enough: bool


@dataclass(frozen=True)
class Reviewer:
    """`leniency`: how many points above the others' this person's scores are; positive is generous."""

    mean: float
    leniency: float | None
    reviews: int
    enough: bool


@dataclass(frozen=True)
class Calibration:
    """`groups`: all proposals from the best adjusted on; those in one group cannot be told from its first.

    `chances`: how likely each stands among the first so many asked for; empty where nothing could be adjusted.
    """

    proposals: dict[str, Calibrated]
    reviewers: dict[str, Reviewer]
    groups: tuple[tuple[str, ...], ...]
    chances: Mapping[str, float] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        return {
            "proposals": {
                key: {
                    "raw": one.raw,
                    "adjusted": one.adjusted,
                    "standard_error": one.standard_error,
                    "reviews": one.reviews,
                }
                for key, one in self.proposals.items()
            },
            "reviewers": {
                key: {"leniency": one.leniency, "reviews": one.reviews} for key, one in self.reviewers.items()
            },
            "groups": [list(group) for group in self.groups],
        }


@dataclass(frozen=True)
class _Table:
    """Places of proposal and reviewer of each score, and how often each pair stands there."""

    proposals: Ints
    reviewers: Ints
    scores: Floats
    pairs: Floats

    @property
    def reviews(self) -> Floats:
        return np.asarray(self.pairs.sum(axis=1))


@dataclass(frozen=True)
class _Fit:
    """`common`: mean, then leniencies; `spread`: their error covariance; `depth`: reviews plus shrinkage per proposal."""

    common: Floats
    spread: Floats
    depth: Floats
    noise: float


def adjusted_scores(scores: Sequence[Scored]) -> dict[str, Adjusted]:
    """Proposal → what decides where the rules say so: `adjusted` and its standard error, rounded to three decimals.

    Empty where the whole table is "not enough to adjust".
    """
    ordered, keys, people = _sorted(scores)
    if not ordered or not _enough(table := _table(ordered, keys, people)):
        return {}
    adjusted, errors = _predicted(table, _fit(table))
    return {
        key: Adjusted(Fraction(f"{score:.3f}"), Fraction(f"{error:.3f}"))
        for key, score, error in zip(keys, adjusted.tolist(), errors.tolist(), strict=True)
    }


def calibrate(scores: Sequence[Scored], places: int = 0) -> Calibration:
    """The same scores in any order give the same answer. `places`: how many stand above the cut of `chances`."""
    ordered, keys, people = _sorted(scores)
    if not ordered:
        return Calibration({}, {}, ())
    table = _table(ordered, keys, people)
    raw = np.bincount(table.proposals, table.scores) / table.reviews
    means = np.bincount(table.reviewers, table.scores) / table.pairs.sum(axis=0)
    counts, given = table.reviews.astype(int).tolist(), table.pairs.sum(axis=0).astype(int).tolist()
    if not _enough(table):
        return Calibration(
            {key: Calibrated(float(raw[i]), None, None, counts[i], enough=False) for i, key in enumerate(keys)},
            {who: Reviewer(float(means[j]), None, given[j], enough=False) for j, who in enumerate(people)},
            (tuple(keys),),
        )
    fit = _fit(table)
    adjusted, errors = _predicted(table, fit)
    draws = _draws(table, fit)
    return Calibration(
        {
            key: Calibrated(float(raw[i]), float(adjusted[i]), float(errors[i]), counts[i], enough=counts[i] >= LEAST)
            for i, key in enumerate(keys)
        },
        {
            who: Reviewer(float(means[j]), float(fit.common[j + 1]), given[j], enough=given[j] >= LEAST)
            for j, who in enumerate(people)
        },
        tuple(tuple(keys[place] for place in group) for group in _groups(adjusted, draws)),
        dict(zip(keys, _chances(draws, places), strict=True)),
    )


def _sorted(scores: Sequence[Scored]) -> tuple[list[Scored], list[str], list[str]]:
    """In one order, whatever they came in; the proposals; the reviewers."""
    ordered = sorted(scores, key=lambda one: (one.proposal, one.reviewer, one.score))
    return ordered, sorted({one.proposal for one in ordered}), sorted({one.reviewer for one in ordered})


def _table(scores: Sequence[Scored], keys: list[str], people: list[str]) -> _Table:
    row, column = {key: i for i, key in enumerate(keys)}, {who: j for j, who in enumerate(people)}
    proposals = np.array([row[one.proposal] for one in scores], dtype=np.int64)
    reviewers = np.array([column[one.reviewer] for one in scores], dtype=np.int64)
    pairs = np.zeros((len(keys), len(people)))
    np.add.at(pairs, (proposals, reviewers), 1.0)
    return _Table(proposals, reviewers, np.array([one.score for one in scores], dtype=float), pairs)


def _enough(table: _Table) -> bool:
    """Two reviewers and two proposals at least, and a score more than quality and leniency alone could explain."""
    proposals, reviewers = map(int, table.pairs.shape)
    if proposals < 2 or reviewers < 2:
        return False
    return len(table.scores) > proposals + reviewers - _parts(table)


def _parts(table: _Table) -> int:
    """Into how many parts the table falls that share neither proposal nor reviewer."""
    part = np.arange(table.pairs.shape[0])
    while True:
        lowest = np.full(table.pairs.shape[1], len(part))
        np.minimum.at(lowest, table.reviewers, part[table.proposals])
        lower = part.copy()
        np.minimum.at(lower, table.proposals, lowest[table.reviewers])
        if (lower == part).all():
            return len(set(part.tolist()))
        part = lower


def _fit(table: _Table) -> _Fit:
    """Expectation–maximisation of the restricted likelihood."""
    total = float(table.scores.var())
    if total <= STILL**2:
        mean = np.concatenate([[table.scores.mean()], np.zeros(table.pairs.shape[1])])
        return _Fit(mean, np.zeros((len(mean), len(mean))), table.reviews + 1.0, 0.0)
    quality = leniency = noise = total / 3
    fit = _solve(table, quality, leniency, noise)
    for _ in range(PASSES):
        before = (quality, leniency, noise)
        effects, lenient = _quality(table, fit), fit.common[1:]
        weights = _weights(table, fit)
        errors = noise / fit.depth + ((weights @ fit.spread) * weights).sum(axis=1)
        left = table.scores - fit.common[0] - effects[table.proposals] - lenient[table.reviewers]
        spent = len(effects) - errors.sum() / quality + len(lenient) - np.trace(fit.spread[1:, 1:]) / leniency
        quality = max(float((effects @ effects + errors.sum()) / len(effects)), total * 1e-6)
        leniency = max(float((lenient @ lenient + np.trace(fit.spread[1:, 1:])) / len(lenient)), total * 1e-6)
        noise = max(float((left @ left + before[2] * (1 + spent)) / len(left)), total * 1e-6)
        fit = _solve(table, quality, leniency, noise)
        if np.allclose(before, (quality, leniency, noise), rtol=1e-5, atol=0):
            break
    return fit


def _solve(table: _Table, quality: float, leniency: float, noise: float) -> _Fit:
    """The mixed model equations with the proposals eliminated."""
    depth = table.reviews + noise / quality
    sums = np.bincount(table.proposals, table.scores)
    given = np.concatenate([table.reviews[:, None], table.pairs], axis=1)
    total = np.zeros((given.shape[1], given.shape[1]))
    taken = table.pairs.sum(axis=0)
    total[0, 0], total[0, 1:], total[1:, 0] = taken.sum(), taken, taken
    total[1:, 1:] = np.diag(taken + noise / leniency)
    total -= given.T @ (given / depth[:, None])
    right = np.concatenate([[sums.sum()], np.bincount(table.reviewers, table.scores)]) - given.T @ (sums / depth)
    inverse = np.linalg.inv(total)
    return _Fit(inverse @ right, noise * (inverse + inverse.T) / 2, depth, noise)


def _quality(table: _Table, fit: _Fit) -> Floats:
    sums = np.bincount(table.proposals, table.scores)
    return np.asarray((sums - table.reviews * fit.common[0] - table.pairs @ fit.common[1:]) / fit.depth)


def _weights(table: _Table, fit: _Fit) -> Floats:
    """How a proposal's quality moves with mean and leniencies."""
    given = np.concatenate([table.reviews[:, None], table.pairs], axis=1)
    return np.asarray(-given / fit.depth[:, None])


def _predicted(table: _Table, fit: _Fit) -> tuple[Floats, Floats]:
    weights = _weights(table, fit)
    weights[:, 0] += 1
    variance = fit.noise / fit.depth + ((weights @ fit.spread) * weights).sum(axis=1)
    return fit.common[0] + _quality(table, fit), np.sqrt(np.maximum(variance, 0))


def _draws(table: _Table, fit: _Fit) -> Floats:
    """Draws × proposals: scores as they might be, given what was seen. The seed is fixed: all machines draw the same."""
    random = np.random.Generator(np.random.PCG64(SEED))
    values, vectors = np.linalg.eigh(fit.spread)
    shifts = random.standard_normal((DRAWS, len(values))) * np.sqrt(np.maximum(values, 0)) @ vectors.T
    weights = _weights(table, fit)
    weights[:, 0] += 1
    alone = random.standard_normal((DRAWS, len(fit.depth))) * np.sqrt(fit.noise / fit.depth)
    return np.asarray(fit.common[0] + _quality(table, fit) + shifts @ weights.T + alone)


def _chances(draws: Floats, places: int) -> list[float]:
    """Per proposal, in which share of the draws it is among the first `places`."""
    if not 0 < places < draws.shape[1]:
        return [float(places > 0)] * draws.shape[1]
    first = np.argpartition(-draws, places - 1, axis=1)[:, :places]
    return np.asarray(np.bincount(first.ravel(), minlength=draws.shape[1]) / len(draws)).tolist()  # type: ignore[no-any-return]


def _groups(adjusted: Floats, draws: Floats) -> list[list[int]]:
    order = np.argsort(-adjusted, kind="stable").tolist()
    groups: list[list[int]] = []
    for place in order:
        if groups and (draws[:, groups[-1][0]] > draws[:, place]).mean() < SURE:
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups
