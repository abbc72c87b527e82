"""Scottish STV: the Scottish Local Government Elections Order 2007 (SSI 2007/42), schedule 1, rules 45 to 52.

- Quota (46): valid papers ÷ (seats + 1), decimals ignored, + 1. Who has the quota at the end of a stage is elected (47).
- Surplus (48): weighted inclusive Gregory. All papers of the elected pass on, each at surplus × its value ÷ votes of the elected, to five
  decimals, the rest ignored. One surplus a stage, the largest first; equal ones by the votes at the latest earlier stage at which they
  were unequal, else by lot (49).
- With no surplus to transfer, the candidate with fewest votes is excluded and its papers pass on at the value they have (50); of equal ones
  the one with fewest votes at the latest earlier stage at which they were unequal, else by lot (51).
- As many continuing candidates as vacancies are elected, and nothing more is transferred (52).
- A paper without a single first preference is rejected (43) and counts as invalid; one that shares a later preference is used up to there.

The lot is the seed; without one, see `count`. Ties settled by earlier stages are noted as settled by the rule.
`winners` in the order of election: by stage, within a stage by votes, then by earlier stages. `ranking`: each elected, then those left by votes, then
the excluded, last first; equal at every stage is tied. `scores`: votes at the end. `exhausted`: papers that went from an excluded candidate to nobody (what a surplus cannot transfer stays with the elected).
Votes are counted in units of 1/100,000, as whole numbers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from typing import Any

import numpy as np

from crowd.core.exact import rounded
from crowd.core.tally.count import Count, Lot, Settled, Terms, Ties, texts
from crowd.core.tally.piles import NOBODY, Piles, Places, narrowed, without_overvotes
from crowd.core.tally.profile import Ballots, Kind, Profile
from crowd.core.tally.suited import suited
from crowd.core.tally.totals import seats_of

METHOD = "stv-scottish"
UNIT = 10**5
"""One vote; the order counts to five decimals."""


@dataclass
class _Run:
    """`votes` and `values[g]`, what one paper of group g is worth, in units."""

    ids: tuple[str, ...]
    piles: Piles
    total: int
    ties: Ties
    seats: int
    continuing: list[int] = field(default_factory=list)
    elected: list[list[int]] = field(default_factory=list)
    surpluses: list[int] = field(default_factory=list)
    excluded: list[int] = field(default_factory=list)
    history: list[dict[int, int]] = field(default_factory=list)
    rounds: list[dict[str, Any]] = field(default_factory=list)
    exhausted: int = 0
    lost: int = 0
    truncated: int = 0

    def __post_init__(self) -> None:
        self.values = np.full(len(self.piles.weights), UNIT, dtype=np.int64)
        self.votes = [papers * UNIT for papers in self.piles.counted()[:-1]]
        self.quota = self.total // (self.seats + 1) + 1
        self.continuing = list(range(len(self.ids)))

    @property
    def vacancies(self) -> int:
        return self.seats - sum(map(len, self.elected))

    def count(self) -> None:
        self._end_stage("first_preferences")
        while self.vacancies and self.continuing:
            if self.surpluses:
                self._transfer(self._largest())
            else:
                self._exclude(self._fewest())

    def _end_stage(self, act: str, of: int | None = None, moved: dict[str, str] | None = None) -> None:
        self.history.append(dict(enumerate(self.votes)))
        stage = {
            "round": len(self.history),
            "act": act,
            "candidate": None if of is None else self.ids[of],
            "quota": self.quota,
            "votes": {name: _decimal(votes) for name, votes in zip(self.ids, self.votes, strict=True)},
            "transferred": moved or {},
            "non_transferable": _decimal(self.lost),
            "lost_by_rounding": _decimal(self.truncated),
            "elected": self._elect([place for place in self.continuing if self.votes[place] >= self.quota * UNIT]),
            "elected_to_last_vacancies": [],
        }
        self.surpluses += [place for place in self.elected[-1] if self.votes[place] > self.quota * UNIT]
        if self.vacancies and len(self.continuing) <= self.vacancies:
            stage["elected_to_last_vacancies"] = self._elect(self.continuing)
        self.rounds.append(stage)

    def _elect(self, places: Sequence[int]) -> list[str]:
        order = sorted(places, key=lambda place: (self.record(place), -self._drawn(place)), reverse=True)
        self.elected.append(order)
        self.continuing = [place for place in self.continuing if place not in order]
        return [self.ids[place] for place in order]

    def record(self, place: int) -> list[int]:
        """Votes now and at each earlier stage: what the rules compare by."""
        return [votes[place] for votes in reversed(self.history)]

    def _drawn(self, place: int) -> int:
        return self.ties.lot.ordered(self.ids).index(self.ids[place])

    def _largest(self) -> int:
        most = max(self.votes[place] for place in self.surpluses)
        tied = [place for place in self.surpluses if self.votes[place] == most]
        return self._settle(tied, "surplus", highest=True)

    def _fewest(self) -> int:
        fewest = min(self.votes[place] for place in self.continuing)
        tied = [place for place in self.continuing if self.votes[place] == fewest]
        return self._settle(tied, "exclusion", highest=False)

    def _settle(self, tied: Sequence[int], of: str, *, highest: bool) -> int:
        left = narrowed(tied, self.history[:-1], highest=highest)
        names = [self.ids[place] for place in left]
        if len(left) < len(tied):
            self.ties.note(of, (self.ids[place] for place in tied), names, Settled.RULE, len(self.history))
        (chosen,) = self.ties.first(names, of, last=not highest, at=len(self.history))
        return self.ids.index(chosen)

    def _transfer(self, place: int) -> None:
        """The surplus of an elected candidate; with the quota its papers stay counted."""
        votes, surplus = self.votes[place], self.votes[place] - self.quota * UNIT
        self.surpluses.remove(place)
        papers = self.piles.papers_of(place)
        moved = self._pass_on(papers, lambda value: surplus * value // votes)
        self.truncated += surplus - sum(moved)
        self.votes[place] -= surplus
        self._credit("surplus", place, moved)

    def _exclude(self, place: int) -> None:
        self.continuing.remove(place)
        self.excluded.append(place)
        papers = self.piles.papers_of(place)
        moved = self._pass_on(papers, lambda value: value)
        self.exhausted += self.piles.counted(papers)[-1]
        self.votes[place] = 0
        self._credit("exclusion", place, moved)

    def _credit(self, act: str, place: int, moved: Sequence[int]) -> None:
        for receiver, units in enumerate(moved[:-1]):
            self.votes[receiver] += units
        self.lost += moved[-1]
        given = {self.ids[to]: _decimal(units) for to, units in enumerate(moved[:-1]) if units}
        self._end_stage(act, place, given)

    def _pass_on(self, papers: Places, new_value: Any) -> list[int]:
        """Units received by each candidate; at the end what goes to nobody. Exact: one step per distinct value."""
        received = [0] * (len(self.ids) + 1)
        self.piles.pass_on(papers, self.continuing)
        for value in np.unique(self.values[papers]).tolist():
            groups = papers[self.values[papers] == value]
            worth = new_value(value)
            received = [
                units + number * worth for units, number in zip(received, self.piles.counted(groups), strict=True)
            ]
            self.values[groups] = worth
        return received


def stv_scottish(profile: Profile, terms: Terms) -> Count:
    ballots, piles = _with_first_preference(without_overvotes(suited(profile, METHOD, (Kind.RANK,))))
    run = _Run(profile.ids, piles, ballots.total, Ties(Lot(profile.ids, terms.seed)), seats_of(profile, terms))
    run.count()
    elected = [place for stage in run.elected for place in stage]
    return Count(
        method=METHOD,
        winners=tuple(profile.ids[place] for place in elected) if ballots.total else (),
        ranking=_ranking(run),
        scores=texts({name: Fraction(votes, UNIT) for name, votes in zip(profile.ids, run.votes, strict=True)}),
        rounds=run.rounds,
        ties=run.ties.all,
        ballots=ballots.total,
        invalid=profile.read - ballots.total,
        exhausted=run.exhausted,
    )


def _with_first_preference(ballots: Ballots) -> tuple[Ballots, Piles]:
    piles = Piles(ballots)
    kept = piles.at != NOBODY
    if kept.all():
        return ballots, piles
    ballots = ballots.only(kept)
    return ballots, Piles(ballots)


def _ranking(run: _Run) -> tuple[tuple[str, ...], ...]:
    left = sorted(run.continuing, key=run.record, reverse=True)
    tiers = [tier for stage in (*run.elected, left) for tier in _equals(run, stage)]
    return (*tiers, *((run.ids[place],) for place in reversed(run.excluded)))


def _equals(run: _Run, ordered: Iterable[int]) -> Iterable[tuple[str, ...]]:
    for _, tied in groupby(ordered, key=run.record):
        yield tuple(run.ids[place] for place in sorted(tied))


def _decimal(units: int) -> str:
    return rounded(Fraction(units, UNIT), 5)
