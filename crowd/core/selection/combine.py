"""The ranking: each component is the exact share of the other candidates a candidate beats, weighted and summed.

Who is compared with whom: the field are the candidates that stood in every component's round. In each component a candidate
is compared with the others of the field that have a value there, ties counting half; a candidate alone with its value has
nobody to lose to and gets 1. Candidates failing a gate or incomplete in another component stay in the comparison (they were
voted on), but have no rank. A review is compared by raw means, or by adjusted scores where the rules say so and there is enough to
adjust. Withdrawn candidates are left out by the caller: the count runs as if they had never stood.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby

from crowd.core.exact import exact
from crowd.core.rules import Component, Gate, SelectionRules
from crowd.core.selection.measure import Measure, Missing, RoundResult, compared, measure_of
from crowd.core.tally.result import ranks_of


@dataclass(frozen=True)
class Part:
    """One component of one candidate. `share` = (`beaten` + `tied` / 2) / `others`; `contribution` = `share` × `weight` / sum.

    `raw` and `error` (standard error) only where `value` is an adjusted score.
    """

    round: str
    weight: int
    value: Fraction | None = None
    missing: Missing | None = None
    beaten: int = 0
    tied: int = 0
    others: int = 0
    share: Fraction | None = None
    contribution: Fraction | None = None
    raw: Fraction | None = None
    error: Fraction | None = None


@dataclass(frozen=True)
class Failed:
    """A gate a candidate does not pass: what it asked, and what the round says (None: nothing)."""

    gate: Gate
    least: Fraction
    value: Fraction | None


@dataclass(frozen=True)
class Placement:
    """A candidate's place and all numbers behind it. `rank` is None when a part is missing or a gate failed."""

    candidate: str
    rank: int | None
    total: Fraction | None
    parts: tuple[Part, ...]
    failed: tuple[Failed, ...] = ()

    @property
    def missing(self) -> tuple[Part, ...]:
        """The parts without a value; `part.missing` says why."""
        return tuple(part for part in self.parts if part.missing)


@dataclass(frozen=True)
class Ranking:
    """Ranked placements best first, then those without a rank (highest total first), equal ones by candidate id."""

    placements: tuple[Placement, ...]

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Candidates with equal totals, best first, ranked ones only."""
        ranked = (placement for placement in self.placements if placement.rank is not None)
        return tuple(tuple(p.candidate for p in group) for _, group in groupby(ranked, lambda p: p.rank))

    @property
    def by_candidate(self) -> dict[str, Placement]:
        return {placement.candidate: placement for placement in self.placements}


def rank_candidates(
    candidates: Collection[str],
    results: Mapping[str, RoundResult],
    rules: SelectionRules,
) -> Ranking:
    """Rank `candidates` (those in the running) by the rounds' results. ValueError for weights that sum to 0 or less."""
    columns = [_column(component, candidates, results, rules.components) for component in rules.components]
    drafts = [_placement(candidate, columns, results, rules.gates) for candidate in candidates]
    ordered = sorted(
        drafts,
        key=lambda p: (_unranked(p), p.total is None, -(p.total or 0), p.candidate),
    )
    ranked = [p for p in ordered if not _unranked(p)]
    ranks = ranks_of([p.candidate for p in group] for _, group in groupby(ranked, lambda p: p.total))
    return Ranking(tuple(replace(p, rank=ranks.get(p.candidate)) for p in ordered))


def failed_gates(candidate: str, gates: Iterable[Gate], results: Mapping[str, RoundResult]) -> tuple[Failed, ...]:
    """Every gate the candidate does not pass. A round without the number a gate asks for fails it."""
    checked = (
        (
            gate,
            exact(gate.least),
            measure_of(results, gate, candidate).of_gate(gate.kind),
        )
        for gate in gates
    )
    return tuple(Failed(gate, least, value) for gate, least, value in checked if value is None or value < least)


def _placement(
    candidate: str,
    columns: list[dict[str, Part]],
    results: Mapping[str, RoundResult],
    gates: tuple[Gate, ...],
) -> Placement:
    parts = tuple(column[candidate] for column in columns)
    contributions = [part.contribution for part in parts if part.contribution is not None]
    total = sum(contributions, Fraction(0)) if parts and len(contributions) == len(parts) else None
    return Placement(candidate, None, total, parts, failed_gates(candidate, gates, results))


def _unranked(placement: Placement) -> bool:
    return placement.total is None or bool(placement.failed)


def _column(
    component: Component,
    candidates: Collection[str],
    results: Mapping[str, RoundResult],
    components: tuple[Component, ...],
) -> dict[str, Part]:
    weights = sum(each.weight for each in components)
    if weights <= 0:
        message = "the weights of the components must sum to more than 0"
        raise ValueError(message)
    measures = compared(component, candidates, results)
    field = [
        value
        for candidate, measure in measures.items()
        if (value := measure.value) is not None and _stood_in_all(candidate, results, components)
    ]
    field.sort()
    return {
        candidate: _part(_begun(component, measure, measure.missing), field, weights)
        if _stood_in_all(candidate, results, components)
        else _begun(component, measure, _why(measure))
        for candidate, measure in measures.items()
    }


def _begun(component: Component, measure: Measure, missing: Missing | None) -> Part:
    told = measure.adjusted
    return Part(
        component.round,
        component.weight,
        measure.value,
        missing,
        raw=measure.mean if told else None,
        error=told.error if told else None,
    )


def _why(measure: Measure) -> Missing | None:
    return measure.missing or (Missing.INCOMPLETE if measure.value is None else None)


def _stood_in_all(candidate: str, results: Mapping[str, RoundResult], components: Iterable[Component]) -> bool:
    return all(measure_of(results, c.round, candidate).missing is not Missing.NOT_IN_ROUND for c in components)


def _part(part: Part, field: list[Fraction], weights: int) -> Part:
    """Fill in the share of the others beaten, given the field's values in ascending order (its own among them)."""
    if part.value is None:
        return part
    beaten = bisect_left(field, part.value)
    tied = bisect_right(field, part.value) - beaten - 1
    others = len(field) - 1
    share = (beaten + Fraction(tied, 2)) / others if others else Fraction(1)
    return replace(
        part,
        beaten=beaten,
        tied=tied,
        others=others,
        share=share,
        contribution=share * part.weight / weights,
    )
