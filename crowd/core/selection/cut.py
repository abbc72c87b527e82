"""The line under a ranking: who the numbers propose, given places, budget, quotas and the rule for ties at the line.

`ELECTED` takes whom the vote elects, in that order. `CUT_LINE` goes down the ranking and stops at the first candidate that does not fit; `GREEDY` passes over it and goes on.
A tie straddles the line when equal candidates each fit alone but not all together. Then the rules' tie-break decides: the
organization (they are reported as `tied`, nothing is proposed for them), the earlier submission, or all of them pass.
Quotas pass over whom they leave no room, and the line goes on below (`quotas`). The reserve are the next of the ranking who were not
proposed, all that are tied at its end; while a tie waits for the organization nobody knows them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from crowd.core.rules import CountRule, SelectionRules, TieBreak
from crowd.core.selection.combine import Ranking
from crowd.core.selection.quotas import Tally
from crowd.core.tally.greedy import Money


class Fate(StrEnum):
    IN = "in"
    TIED = "tied"  # equal at the line: the organization decides
    NO_PLACE = "no_place"
    NO_MONEY = "no_money"
    QUOTA_FULL = "quota_full"  # a quota has as many as it may
    PLACE_KEPT = "place_kept"  # the places left are kept for a quota that lacks some
    NO_COST = "no_cost"  # there is a budget and the proposal states no cost
    BELOW_LINE = "below_line"
    WAITS = "waits"  # depends on how the tie above is decided
    NOT_ELECTED = "not_elected"  # by the vote that elects


@dataclass(frozen=True)
class Step:
    """One candidate in its turn, and the places and money left after it (None: not limited).

    `quotas`: the tags for which it was passed over.
    """

    candidate: str
    rank: int
    fate: Fate
    cost: Money | None
    places_left: int | None
    money_left: Money | None
    quotas: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cut:
    """What the numbers propose. `straddling` are the equal candidates at the line, `settled_by` what settles (or must settle) it."""

    rule: CountRule
    steps: tuple[Step, ...] = ()
    straddling: tuple[str, ...] = ()
    settled_by: TieBreak | None = None
    reserve: tuple[str, ...] = ()

    @property
    def proposed(self) -> tuple[str, ...]:
        return tuple(step.candidate for step in self.steps if step.fate is Fate.IN)

    @property
    def tied(self) -> tuple[str, ...]:
        """Equal candidates among whom people must choose; `open_places` and `money_left` say what is left for them."""
        return tuple(step.candidate for step in self.steps if step.fate is Fate.TIED)

    @property
    def places_left(self) -> int | None:
        return self.steps[-1].places_left if self.steps else None

    @property
    def money_left(self) -> Money | None:
        return self.steps[-1].money_left if self.steps else None

    @property
    def fates(self) -> dict[str, Fate]:
        return {step.candidate: step.fate for step in self.steps}

    @property
    def of(self) -> dict[str, Step]:
        return {step.candidate: step for step in self.steps}


def draw_line(
    ranking: Ranking,
    rules: SelectionRules,
    costs: Mapping[str, Money | None] | None = None,
    submitted: Mapping[str, datetime] | None = None,
    elected: Sequence[str] | None = None,
    tags: Mapping[str, Collection[str]] | None = None,
) -> Cut:
    """The line under a ranking. Without places and budget, and under `NONE`, nothing is proposed.

    `costs` are needed with a budget, `submitted` (time of the first submission) for the tie-break by earlier submission, `elected` (None: not
    counted yet) where the vote elects, `tags` with quotas.
    """
    if rules.count is CountRule.ELECTED:
        steps = _as_elected(ranking, elected, costs or {}) if elected is not None else ()
        return Cut(rules.count, steps, reserve=_reserve(steps, rules.reserve))
    if rules.count is CountRule.NONE or (rules.places is None and rules.budget is None):
        return Cut(rules.count)
    quotas = Tally.of(rules.quotas, tags or {}, (candidate for group in ranking.groups for candidate in group))
    walk = _Walk(rules, costs or {}, submitted or {}, quotas, rules.places, rules.budget)
    rank = 1
    for group in ranking.groups:
        walk.visit(group, rank)
        rank += len(group)
    steps = tuple(walk.steps)
    return Cut(rules.count, steps, tuple(walk.straddling), walk.settled_by, _reserve(steps, rules.reserve))


def _reserve(steps: Sequence[Step], size: int | None) -> tuple[str, ...]:
    if size is None or any(step.fate is Fate.TIED for step in steps):
        return ()
    left = sorted((step for step in steps if step.fate is not Fate.IN), key=lambda step: step.rank)
    last = left[size - 1].rank if len(left) >= size > 0 else None
    return tuple(step.candidate for step in left if last is None or step.rank <= last)


def _as_elected(ranking: Ranking, elected: Sequence[str], costs: Mapping[str, Money | None]) -> tuple[Step, ...]:
    """The elected in their order, then the others in theirs. Whoever fails a gate, or left since, has no rank and no step."""
    ranks = {placement.candidate: placement.rank for placement in ranking.placements if placement.rank is not None}
    above = [candidate for candidate in elected if candidate in ranks]
    fates = [(candidate, Fate.IN) for candidate in above]
    fates += [(candidate, Fate.NOT_ELECTED) for candidate in ranks if candidate not in set(above)]
    return tuple(Step(name, ranks[name], fate, costs.get(name), None, None) for name, fate in fates)


def beyond(chosen: Iterable[str], rules: SelectionRules, costs: Mapping[str, Money | None]) -> tuple[int, Money]:
    """By how many places and how much money a choice goes beyond the rules (0 and 0 when within, or where the vote sets the limits)."""
    if rules.count is CountRule.ELECTED:
        return 0, 0
    listed = list(chosen)
    places = len(listed) - rules.places if rules.places is not None else 0
    money = sum((costs.get(candidate) or 0) for candidate in listed) - rules.budget if rules.budget is not None else 0
    return max(places, 0), max(money, 0)


@dataclass
class _Walk:
    rules: SelectionRules
    costs: Mapping[str, Money | None]
    submitted: Mapping[str, datetime]
    quotas: Tally
    places: int | None
    money: Money | None
    steps: list[Step] = field(default_factory=list)
    straddling: list[str] = field(default_factory=list)
    after: Fate | None = None  # once the line is drawn, the fate of all below it

    @property
    def settled_by(self) -> TieBreak | None:
        if any(step.fate is Fate.TIED for step in self.steps):
            return TieBreak.ORGANIZATION_DECIDES
        return self.rules.tie_break if self.straddling else None

    def visit(self, group: Sequence[str], rank: int) -> None:
        if self.after:
            self._all(group, rank, self.after)
            return
        group = self._pass_over(group, rank)
        alone = {candidate: self._fate_alone(candidate) for candidate in group}
        contenders = [candidate for candidate in group if alone[candidate] is Fate.IN]
        if self._fit_together(group):
            self._all(group, rank, Fate.IN)
        elif not self._greedy and contenders and len(group) > 1:
            self._straddle(group, rank)
        else:
            self._each(group, rank, alone, contenders)

    def _pass_over(self, group: Sequence[str], rank: int) -> list[str]:
        """Those for whom the quotas leave room, whatever becomes of the others; without places it is not theirs to say."""
        left = list(group)
        if self.places is not None and self.places < 1:
            return left
        for candidate in group:
            full, kept = self.quotas.full([candidate]), self.quotas.kept_from([candidate], self.places)
            if full or kept:
                self._step(candidate, rank, Fate.QUOTA_FULL if full else Fate.PLACE_KEPT, full or kept)
                left.remove(candidate)
        return left

    def _each(
        self,
        group: Sequence[str],
        rank: int,
        alone: Mapping[str, Fate],
        contenders: list[str],
    ) -> None:
        """Contenders share what is left; the others do not fit even alone."""
        if self._fit_together(contenders):
            self._all(contenders, rank, Fate.IN)
        elif contenders:
            self._straddle(contenders, rank)
        for candidate in group:
            if alone[candidate] is not Fate.IN:
                self._step(candidate, rank, alone[candidate])
                self._stop(None if self._greedy else Fate.BELOW_LINE)

    def _straddle(self, group: Sequence[str], rank: int) -> None:
        self.straddling += [candidate for candidate in group if candidate not in self.straddling]
        if self.rules.tie_break is TieBreak.ALL_TIED_PASS:
            self._all(group, rank, Fate.IN)
        elif self.rules.tie_break is TieBreak.EARLIER_SUBMISSION and (parts := self._by_submission(group)):
            for part in parts:
                self.visit(part, rank)
        else:
            self._all(group, rank, Fate.TIED)
            self._stop(Fate.WAITS if self._greedy or self.quotas.quotas else Fate.BELOW_LINE)

    def _by_submission(self, group: Sequence[str]) -> list[list[str]]:
        """The group split by time of submission, earliest first; empty when that does not tell them apart."""
        if not all(candidate in self.submitted for candidate in group):
            return []
        ordered = sorted(group, key=lambda candidate: (self.submitted[candidate], candidate))
        parts = [list(part) for _, part in groupby(ordered, lambda candidate: self.submitted[candidate])]
        return parts if len(parts) > 1 else []

    @property
    def _greedy(self) -> bool:
        return self.rules.count is CountRule.GREEDY

    def _fate_alone(self, candidate: str) -> Fate:
        cost = self.costs.get(candidate)
        if self.places is not None and self.places < 1:
            return Fate.NO_PLACE
        if self.money is None:
            return Fate.IN
        if cost is None:
            return Fate.NO_COST
        return Fate.IN if cost <= self.money else Fate.NO_MONEY

    def _fit_together(self, group: Sequence[str]) -> bool:
        costs = [self.costs.get(candidate) for candidate in group]
        if self.quotas.full(group) or self.quotas.kept_from(group, self.places):
            return False
        if self.places is not None and len(group) > self.places:
            return False
        if self.money is None:
            return True
        return None not in costs and sum(cost or 0 for cost in costs) <= self.money

    def _stop(self, fate: Fate | None) -> None:
        self.after = self.after or fate

    def _all(self, group: Sequence[str], rank: int, fate: Fate) -> None:
        for candidate in group:
            self._step(candidate, rank, fate)

    def _step(self, candidate: str, rank: int, fate: Fate, quotas: tuple[str, ...] = ()) -> None:
        self.quotas.step(candidate, taken=fate is Fate.IN)
        cost = self.costs.get(candidate)
        if fate is Fate.IN:
            self.places = None if self.places is None else self.places - 1
            self.money = None if self.money is None else self.money - (cost or 0)
        self.steps.append(Step(candidate, rank, fate, cost, self.places, self.money, quotas))
