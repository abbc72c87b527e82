"""The budget rule `greedy` of Pabulib: most votes first, whatever still fits is taken, whatever does not is passed over.

Pabulib (https://pabulib.org) states no tie-break. Callers give an order without ties; `order_by_votes` takes equal votes in
file order. (Of the files tried, those that hold the official result in `selected` agree, and no tie decides anything there;
in France_Toulouse_2022, which holds none, the order of the ties at 50 votes changes who gets the last money.)
Some files also bound what a part of town may take (`budget_per_…`): those are the `caps`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

Money = int | Fraction


@dataclass(frozen=True)
class GreedyStep:
    """One candidate in its turn: taken, or why not (`no_money`, `cap`, `stopped`), and the money left after it."""

    candidate: str
    cost: Money
    taken: bool
    code: str
    left: Money


@dataclass(frozen=True)
class Caps:
    """Upper bounds on what the members of each part may cost together. A part without a bound is free."""

    limits: Mapping[str, Money] = field(default_factory=dict)
    part_of: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class GreedyResult:
    steps: tuple[GreedyStep, ...]
    left: Money

    @property
    def taken(self) -> tuple[str, ...]:
        return tuple(step.candidate for step in self.steps if step.taken)


def count_greedy(
    order: Iterable[str],
    costs: Mapping[str, Money],
    budget: Money,
    caps: Caps | None = None,
    *,
    skip: bool = True,
) -> GreedyResult:
    """Walk down `order` and take what fits the budget (and its part's cap). ValueError for a negative cost.

    Without `skip` the first that does not fit ends it: those behind it are `stopped`.
    """
    left = budget
    room: dict[str, Money] = dict(caps.limits) if caps else {}
    part_of = caps.part_of if caps else {}
    steps: list[GreedyStep] = []
    for candidate in order:
        cost, part = costs[candidate], part_of.get(candidate, "")
        if cost < 0:
            message = f"negative cost of {candidate}"
            raise ValueError(message)
        code = "no_money" if cost > left else "cap" if cost > room.get(part, cost) else "taken"
        if not skip and steps and steps[-1].code != "taken":
            code = "stopped"
        if code == "taken":
            left -= cost
            if part in room:
                room[part] -= cost
        steps.append(GreedyStep(candidate, cost, code == "taken", code, left))
    return GreedyResult(tuple(steps), left)


def order_by_votes(votes: Mapping[str, int | Fraction], file_order: Iterable[str]) -> list[str]:
    """Most votes first, equal votes in file order."""
    return sorted(file_order, key=lambda candidate: -votes[candidate])
