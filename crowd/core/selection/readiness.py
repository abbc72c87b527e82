"""May the decisions be published? Every proposal has a verdict and a reason, and what departs from the numbers is explained."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from crowd.core.rules import Quota, SelectionRules
from crowd.core.selection.combine import Ranking
from crowd.core.selection.cut import Cut, Fate, beyond
from crowd.core.selection.measure import Missing
from crowd.core.selection.quotas import off_quota
from crowd.core.status import Outcome
from crowd.core.tally.greedy import Money


@dataclass(frozen=True)
class Decision:
    """One proposal before publishing. `told`: left out after an earlier round and told so then; it needs no verdict.

    `staked`: whoever publishes has a stake in it; `confirmed`: somebody else without a stake confirmed the row.
    """

    candidate: str
    outcome: Outcome | None = None
    has_reason: bool = False
    told: bool = False
    unscreened: bool = False
    staked: bool = False
    confirmed: bool = False

    @property
    def settled(self) -> bool:
        return self.told or (self.outcome is not None and self.has_reason)


@dataclass(frozen=True)
class Readiness:
    """What stands between the decisions and their publication; candidates are named in the order given."""

    selected: int = 0
    reserve: int = 0
    not_selected: int = 0
    undecided: tuple[str, ...] = ()
    without_reason: tuple[str, ...] = ()
    unscreened: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    places_over: int = 0
    money_over: Money = 0
    off_quota: tuple[tuple[Quota, int], ...] = ()  # those not kept, with the number selected

    @property
    def blocked(self) -> bool:
        """No justification helps: something has to be done first."""
        return bool(self.undecided or self.without_reason or self.unscreened or self.unconfirmed)

    @property
    def beyond(self) -> bool:
        return bool(self.places_over or self.money_over or self.off_quota)

    @property
    def asks_justification(self) -> bool:
        return self.beyond or bool(self.differing)


def readiness(
    decisions: Iterable[Decision],
    ranking: Ranking,
    cut: Cut,
    rules: SelectionRules,
    costs: Mapping[str, Money | None],
    tags: Mapping[str, Collection[str]] | None = None,
) -> Readiness:
    """Judge all decisions of a call together."""
    rows = list(decisions)
    chosen = [row.candidate for row in rows if row.outcome is Outcome.SELECTED]
    places_over, money_over = beyond(chosen, rules, costs)
    return Readiness(
        selected=len(chosen),
        reserve=sum(row.outcome is Outcome.RESERVE for row in rows),
        not_selected=sum(row.outcome is Outcome.NOT_SELECTED or (row.outcome is None and row.told) for row in rows),
        undecided=_named(row for row in rows if row.outcome is None and not row.told and not row.unscreened),
        without_reason=_named(row for row in rows if row.outcome is not None and not row.settled),
        unscreened=_named(row for row in rows if row.unscreened),
        unconfirmed=_named(row for row in rows if row.staked and not row.confirmed and not row.told),
        incomplete=incomplete(ranking),
        differing=differing(ranking, cut, chosen),
        places_over=places_over,
        money_over=money_over,
        off_quota=off_quota(chosen, rules.quotas, tags or {}),
    )


def _named(rows: Iterable[Decision]) -> tuple[str, ...]:
    return tuple(row.candidate for row in rows)


def incomplete(ranking: Ranking) -> tuple[str, ...]:
    """Candidates with fewer reviews than the rules ask for."""
    return tuple(
        placement.candidate
        for placement in ranking.placements
        if any(part.missing is Missing.INCOMPLETE for part in placement.missing)
    )


def differing(ranking: Ranking, cut: Cut, chosen: Collection[str]) -> tuple[str, ...]:
    """Candidates decided otherwise than the numbers propose, in the order of the ranking.

    With a line: proposed ones that were not chosen, chosen ones neither proposed nor in a tie that people must settle.
    Without a line (no places, no budget): whoever was passed over by a chosen one of worse rank, and chosen ones without a rank.
    """
    picked = set(chosen)
    if not any(part for placement in ranking.placements for part in placement.parts):
        return ()
    if cut.steps:
        free = {candidate for candidate, fate in cut.fates.items() if fate in {Fate.TIED, Fate.WAITS}}
        odd = (set(cut.proposed) - picked) | (picked - set(cut.proposed) - free)
    else:
        odd = _out_of_order(ranking, picked)
    return tuple(placement.candidate for placement in ranking.placements if placement.candidate in odd)


def _out_of_order(ranking: Ranking, picked: set[str]) -> set[str]:
    ranks = {p.candidate: p.rank for p in ranking.placements if p.rank is not None}
    worst = max((rank for candidate, rank in ranks.items() if candidate in picked), default=0)
    passed = {candidate for candidate, rank in ranks.items() if rank < worst and candidate not in picked}
    return passed | (picked & {p.candidate for p in ranking.placements if p.rank is None})
