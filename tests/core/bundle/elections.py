"""Rounds for hypothesis: small ones by every method, full of ties, with invalid ballots, exclusions, groups and all other terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from crowd.core.rules import BUDGET_METHODS
from crowd.core.tally.choices import KIND_OF
from crowd.core.tally.declared import UNGROUPED, Declared, Listed
from crowd.core.tally.profile import Kind
from tests.core.bundle.making import contents_of

NAMES = "abcdef"
GRADES = ("good", "fair", "poor")
Said = st.SearchStrategy[Any]


@dataclass(frozen=True)
class Round:
    """What `contents_of` makes a bundle of."""

    declared: Declared
    candidates: list[Listed]
    choices: list[Any]
    more: Mapping[str, Any]

    @property
    def contents(self) -> Any:
        return contents_of(self.declared, self.candidates, self.choices, **self.more)


def _dicts(names: str, values: st.SearchStrategy[Any]) -> Said:
    return st.dictionaries(st.sampled_from(names), values)


def _tiers(names: str) -> Said:
    return st.permutations(names).flatmap(
        lambda order: st.lists(st.integers(1, 2), max_size=len(names)).map(lambda sizes: _cut(list(order), sizes))
    )


def _cut(order: list[str], sizes: list[int]) -> list[list[str]]:
    tiers = []
    for size in sizes:
        tiers.append(order[:size])
        order = order[size:]
    return [tier for tier in tiers if tier]


def said(kind: Kind, names: str) -> Said:
    """A ballot. With one name more than there are candidates, so that some are invalid."""
    return {
        Kind.APPROVE: st.lists(st.sampled_from(names), max_size=4, unique=True),
        Kind.RANK: _tiers(names),
        Kind.SCORE: _dicts(names, st.integers(0, 6)),
        Kind.POINTS: _dicts(names, st.integers(0, 4)),
        Kind.GRADE: _dicts(names, st.sampled_from(GRADES)),
        Kind.PAIR: st.lists(st.permutations(names[:4]).map(lambda order: list(order[:2])), max_size=4)
        if len(names) > 1
        else st.just([]),
    }[kind]


@st.composite
def rounds(draw: st.DrawFn, method: str, *, ledger: bool = True) -> Round:
    size, kind = draw(st.integers(1, 5)), KIND_OF[method]
    costs = [Fraction(draw(st.integers(0, 24)), 2) for _ in range(size)]
    struck = draw(st.sets(st.integers(1, 4), max_size=2))
    candidates = [
        Listed(NAMES[at], NAMES[at].upper(), costs[at] if method in BUDGET_METHODS else None, struck=at in struck)
        for at in range(size)
    ]
    stranger = draw(st.sampled_from([0, 0, 0, 1]))
    choices = draw(st.lists(said(kind, NAMES[: size + stranger]), max_size=10))
    percent = draw(st.none() | st.integers(1, 99)) if method not in UNGROUPED else None
    every = range(len(choices))
    return Round(
        _declared(draw, method, percent),
        candidates,
        choices,
        {
            "groups": [draw(st.sampled_from(["members", "public"])) for _ in every] if percent else [],
            "excluded": sorted(draw(st.sets(st.sampled_from(every), max_size=3))) if every else [],
            "voters": [f"Zoë {at}" for at in every] if ledger and draw(st.booleans()) else [],
            "ledger": ledger,
            "passed": {at: [["a", "b", "equal"]] for at in every if draw(st.booleans())} if kind is Kind.PAIR else {},
        },
    )


def _declared(draw: st.DrawFn, method: str, percent: int | None) -> Declared:
    budgeted = method in BUDGET_METHODS
    return Declared(
        method,
        seats=None if budgeted else draw(st.none() | st.integers(1, 3)),
        budget=Fraction(draw(st.integers(0, 40)), 2) if budgeted else None,
        rule=draw(st.sampled_from([None, "greedy", "greedy-no-skip"])) if method == "pb-greedy" else None,
        allowance=draw(st.none() | st.integers(3, 12)) if KIND_OF[method] is Kind.POINTS else None,
        max_choices=draw(st.none() | st.integers(1, 4)),
        grades=GRADES,
        quorum=draw(st.none() | st.integers(0, 5)),
        threshold=draw(st.none() | st.fractions(0, 100, max_denominator=3)),
        member_percent=percent,
    )
