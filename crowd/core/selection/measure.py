"""What one round says of one candidate, whatever the kind of round."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from crowd.core.rules import Component, Gate, GateKind
from crowd.core.scoring import Adjusted, JuryScore
from crowd.core.tally.result import Tally


class Missing(StrEnum):
    """Why a round has no value for a candidate."""

    NOT_IN_ROUND = "not_in_round"
    INCOMPLETE = "incomplete"  # fewer reviews than the rules ask for


@dataclass(frozen=True)
class Measure:
    """`value` is what the round compares by: the total of a vote, the mean of a complete review. The rest is for gates.

    `adjusted` takes the place of `value` where the rules say so (`compared`); gates and shortlists always look at raw scores.
    """

    value: Fraction | None = None
    missing: Missing | None = None
    supports: int | None = None
    mean: Fraction | None = None
    median: Fraction | None = None
    reviews: int | None = None
    adjusted: Adjusted | None = None

    def of_gate(self, kind: GateKind) -> Fraction | None:
        """The number a gate of this kind looks at; None where the round does not measure it."""
        number: Fraction | int | None = {
            GateKind.LEAST_SUPPORTS: self.supports,
            GateKind.LEAST_MEAN: self.mean,
            GateKind.LEAST_MEDIAN: self.median,
            GateKind.LEAST_REVIEWS: self.reviews,
        }[kind]
        return None if number is None else Fraction(number)


RoundResult = Mapping[str, Measure]
"""Candidate id → its measure."""

NOT_IN_ROUND = Measure(missing=Missing.NOT_IN_ROUND)


def from_tally(tally: Tally) -> dict[str, Measure]:
    return {
        line.candidate: Measure(line.total, supports=line.votes, mean=line.mean, median=line.median)
        for line in tally.lines
    }


def from_jury(scores: Mapping[str, JuryScore]) -> dict[str, Measure]:
    return {candidate: _of_score(score) for candidate, score in scores.items()}


def _of_score(score: JuryScore) -> Measure:
    return Measure(
        value=score.component,
        missing=None if score.complete else Missing.INCOMPLETE,
        mean=score.mean,
        median=score.median,
        reviews=score.reviews,
        adjusted=score.adjusted if score.complete else None,
    )


def measure_of(results: Mapping[str, RoundResult], gate_or_round: Gate | str, candidate: str) -> Measure:
    key = gate_or_round if isinstance(gate_or_round, str) else gate_or_round.round
    return results.get(key, {}).get(candidate, NOT_IN_ROUND)


def compared(
    component: Component, candidates: Collection[str], results: Mapping[str, RoundResult]
) -> dict[str, Measure]:
    """What a component compares its candidates by. `adjusted` is left only where it is the value.

    All by adjusted scores or none: if one that has a mean has no adjusted score, the raw means decide for everybody.
    """
    found = {candidate: measure_of(results, component.round, candidate) for candidate in candidates}
    if not component.adjusted or any(m.value is not None and m.adjusted is None for m in found.values()):
        return {candidate: replace(measure, adjusted=None) for candidate, measure in found.items()}
    return {key: replace(one, value=one.adjusted.score) if one.adjusted else one for key, one in found.items()}
