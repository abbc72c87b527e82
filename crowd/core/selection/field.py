"""Which proposals enter a later round: all, the best of an earlier round, or those over gates."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from crowd.core.rules import Field, FieldKind
from crowd.core.selection.combine import Failed, failed_gates
from crowd.core.selection.measure import Missing, RoundResult, measure_of
from crowd.core.tally.result import ranks_of


class EntryCode(StrEnum):
    """Why a candidate enters a round or is left out."""

    ALL = "all"
    AMONG_BEST = "among_best"
    BELOW_BEST = "below_best"
    NO_VALUE = "no_value"  # the earlier round has no value for it; see `missing`
    OVER_GATES = "over_gates"
    FAILED_GATE = "failed_gate"


@dataclass(frozen=True)
class Entry:
    """One candidate before a round: does it enter, and the numbers that say why."""

    candidate: str
    enters: bool
    code: EntryCode
    rank: int | None = None
    value: Fraction | None = None
    missing: Missing | None = None
    failed: tuple[Failed, ...] = ()


@dataclass(frozen=True)
class FieldChoice:
    """`tied_at_the_line` are those who enter only because they equal the last of the best."""

    entries: tuple[Entry, ...]
    tied_at_the_line: tuple[str, ...] = ()

    @property
    def entered(self) -> tuple[str, ...]:
        return tuple(entry.candidate for entry in self.entries if entry.enters)

    @property
    def left_out(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if not entry.enters)


def choose_field(field: Field, candidates: Collection[str], results: Mapping[str, RoundResult]) -> FieldChoice:
    """Propose the field of a round from the candidates in the running; the manager confirms it.

    ValueError when `field` is BEST without a source or a number of at least 1.
    """
    if field.kind is FieldKind.ALL:
        return FieldChoice(tuple(Entry(candidate, enters=True, code=EntryCode.ALL) for candidate in sorted(candidates)))
    if field.kind is FieldKind.GATES:
        return FieldChoice(tuple(_over_gates(candidate, field, results) for candidate in sorted(candidates)))
    return _best(field, candidates, results)


def _over_gates(candidate: str, field: Field, results: Mapping[str, RoundResult]) -> Entry:
    failed = failed_gates(candidate, field.gates, results)
    code = EntryCode.FAILED_GATE if failed else EntryCode.OVER_GATES
    return Entry(candidate, enters=not failed, code=code, failed=failed)


def _best(field: Field, candidates: Collection[str], results: Mapping[str, RoundResult]) -> FieldChoice:
    if field.source is None or field.best is None or field.best < 1:
        message = "the best of an earlier round need its key and a number of at least 1"
        raise ValueError(message)
    measures = {candidate: measure_of(results, field.source, candidate) for candidate in candidates}
    values = {candidate: measure.value for candidate, measure in measures.items() if measure.value is not None}
    ordered = sorted(values, key=lambda candidate: (-values[candidate], candidate))
    ranks = ranks_of(_equal(ordered, values))
    entries = [_by_rank(candidate, ranks[candidate], values[candidate], field.best) for candidate in ordered]
    absent = [
        Entry(
            candidate,
            enters=False,
            code=EntryCode.NO_VALUE,
            missing=measures[candidate].missing,
        )
        for candidate in sorted(set(candidates) - set(values))
    ]
    return FieldChoice((*entries, *absent), _tied_at_the_line(ordered, values, field.best))


def _by_rank(candidate: str, rank: int, value: Fraction, best: int) -> Entry:
    enters = rank <= best
    return Entry(
        candidate,
        enters,
        EntryCode.AMONG_BEST if enters else EntryCode.BELOW_BEST,
        rank,
        value,
    )


def _equal(ordered: list[str], values: Mapping[str, Fraction]) -> list[list[str]]:
    groups: list[list[str]] = []
    for candidate in ordered:
        if groups and values[groups[-1][0]] == values[candidate]:
            groups[-1].append(candidate)
        else:
            groups.append([candidate])
    return groups


def _tied_at_the_line(ordered: list[str], values: Mapping[str, Fraction], best: int) -> tuple[str, ...]:
    if len(ordered) <= best or values[ordered[best - 1]] != values[ordered[best]]:
        return ()
    return tuple(candidate for candidate in ordered if values[candidate] == values[ordered[best - 1]])
