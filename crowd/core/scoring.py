"""The jury's numbers, exactly: weighted means of raw scores, medians, spreads, and how a criterion stands in the field."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from crowd.core.rules import Criterion


@dataclass(frozen=True)
class Adjusted:
    """A score without the leniency of its reviewers, and its standard error: decimals of three places, exact from there on."""

    score: Fraction
    error: Fraction


@dataclass(frozen=True)
class JuryScore:
    """What the reviews of one candidate say together. All numbers are None without a review.

    `adjusted` is worked out only where the rules compare by it, and None where there is not enough to adjust. `variance` is that of the reviews themselves (divided by their number), `spread` the highest review minus the lowest.
    """

    reviews: int
    least: int  # the least number of reviews the rules ask for
    mean: Fraction | None = None
    median: Fraction | None = None
    spread: Fraction | None = None
    variance: Fraction | None = None
    criteria: tuple[tuple[str, Fraction], ...] = ()  # mean per criterion, in the rubric's order
    values: tuple[Fraction, ...] = ()  # each review's weighted mean, ascending
    adjusted: Adjusted | None = None

    @property
    def complete(self) -> bool:
        return self.reviews > 0 and self.reviews >= self.least

    @property
    def component(self) -> Fraction | None:
        """The mean where enough reviews are in; None reads "incomplete"."""
        return self.mean if self.complete else None


@dataclass(frozen=True)
class Standing:
    """How one candidate does in one criterion beside the mean of the field."""

    criterion: str
    mean: Fraction
    field_mean: Fraction

    @property
    def difference(self) -> Fraction:
        return self.mean - self.field_mean


def review_faults(criteria: Sequence[Criterion], scores: Mapping[str, int]) -> list[tuple[str, str]]:
    """What keeps a review from being handed in, as (code, criterion): `missing`, `out_of_range`, `unknown`."""
    found = [("unknown", key) for key in sorted(set(scores) - {criterion.key for criterion in criteria})]
    for criterion in criteria:
        if criterion.key not in scores:
            found.append(("missing", criterion.key))
        elif not 0 <= scores[criterion.key] < len(criterion.levels):
            found.append(("out_of_range", criterion.key))
    return found


def review_mean(criteria: Sequence[Criterion], scores: Mapping[str, int]) -> Fraction:
    """One review's weighted mean of raw scores, independent criteria left out.

    KeyError if a criterion has no score, ValueError if no weight is above 0.
    """
    counted = [criterion for criterion in criteria if not criterion.independent]
    weights = sum(criterion.weight for criterion in counted)
    if weights <= 0:
        message = "the weights of a rubric must sum to more than 0"
        raise ValueError(message)
    return Fraction(sum(criterion.weight * scores[criterion.key] for criterion in counted), weights)


def mean(values: Sequence[Fraction | int]) -> Fraction:
    """ValueError without values."""
    if not values:
        message = "no values"
        raise ValueError(message)
    return Fraction(sum(values)) / len(values)


def median(values: Sequence[Fraction | int]) -> Fraction:
    """The middle value; of an even number, the mean of the middle two. ValueError without values."""
    ordered = sorted(values)
    return mean(ordered[(len(ordered) - 1) // 2 : len(ordered) // 2 + 1])


def variance(values: Sequence[Fraction | int]) -> Fraction:
    """Mean squared distance from the mean."""
    centre = mean(values)
    return mean([(value - centre) ** 2 for value in values])


def jury_score(
    criteria: Sequence[Criterion],
    reviews: Iterable[Mapping[str, int]],
    min_reviews: int = 1,
) -> JuryScore:
    """The jury's score of one candidate from its handed-in reviews (recused and withdrawn ones left out by the caller)."""
    listed = list(reviews)
    if not listed:
        return JuryScore(0, min_reviews)
    values = tuple(sorted(review_mean(criteria, scores) for scores in listed))
    per_criterion = tuple((c.key, mean([scores[c.key] for scores in listed])) for c in criteria)
    return JuryScore(
        reviews=len(listed),
        least=min_reviews,
        mean=mean(values),
        median=median(values),
        spread=values[-1] - values[0],
        variance=variance(values),
        criteria=per_criterion,
        values=values,
    )


WIDE = Fraction(1, 2)
"""Share of the scale from which on the reviews of one proposal are called far apart."""


def is_wide(criteria: Sequence[Criterion], score: JuryScore) -> bool:
    """Whether the reviews lie so far apart that the panel had better talk."""
    highest = max((len(criterion.levels) - 1 for criterion in criteria), default=0)
    return score.spread is not None and score.spread > 0 and score.spread >= highest * WIDE


def field_means(scores: Iterable[JuryScore]) -> dict[str, Fraction]:
    """Per criterion, the mean over candidates of their means; every reviewed candidate weighs the same."""
    columns: dict[str, list[Fraction]] = {}
    for score in scores:
        for key, value in score.criteria:
            columns.setdefault(key, []).append(value)
    return {key: mean(values) for key, values in columns.items()}


def standings(score: JuryScore, field: Mapping[str, Fraction]) -> tuple[Standing, ...]:
    """The candidate's criteria beside the field's means, in the rubric's order."""
    return tuple(Standing(key, value, field[key]) for key, value in score.criteria)


def strengths(rows: Sequence[Standing]) -> tuple[Standing, ...]:
    """Criteria above the field's mean, the furthest first."""
    return tuple(sorted((row for row in rows if row.difference > 0), key=lambda row: -row.difference))


def weakest(rows: Sequence[Standing]) -> tuple[Standing, ...]:
    """The criterion furthest below (or least above) the field's mean; several when they are equal, none without reviews."""
    least = min((row.difference for row in rows), default=None)
    return tuple(row for row in rows if row.difference == least)
