"""STAR, score then automatic runoff: of the two candidates with most points, the one preferred by more ballots wins.

The rule and its Official Tiebreaker Protocol by the Equal Vote Coalition (starvoting.org/ties), scores 0 to 5, a blank being 0.
- Tied for a place in the runoff: among the tied, those who lost most matches against each other drop out, again and again; then those with
  fewest scores of 5.
- Tied in the runoff: more points, then more scores of 5.
- Still tied: the seed, else the order of the list.
With several seats (bloc STAR) each is filled by a count among those not yet elected. `ranking`: those elected, then the other finalist of the last
count, then the rest by points. A runoff that nothing but lot could settle leaves its tied in one tier. `scores` are points. An invalid
ballot is one with a score outside 0 to 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from crowd.core.tally.ballots import HIGHEST_SCORE
from crowd.core.tally.count import Count, Lot, Settled, Terms, Ties, rank_by, texts
from crowd.core.tally.pairwise import named, preferences
from crowd.core.tally.profile import Kind, Profile
from crowd.core.tally.suited import places_of, suited, within
from crowd.core.tally.totals import points_given, seats_of

METHOD = "star"
Matrix = dict[str, dict[str, int]]


@dataclass
class _Run:
    totals: dict[str, int]
    fives: dict[str, int]
    prefer: Matrix
    ties: Ties
    elected: list[tuple[str, ...]] = field(default_factory=list)
    rounds: list[dict[str, Any]] = field(default_factory=list)
    open: set[str] = field(default_factory=set)

    @property
    def number(self) -> int:
        return len(self.rounds) + 1

    def seat(self, among: Sequence[str]) -> str:
        """Elect one of `among`."""
        first = self._finalist(among)
        rest = [name for name in among if name != first]
        if not rest:
            self.rounds.append({"round": self.number, "finalists": [first], "elected": first})
            self.elected.append((first,))
            return first
        second = self._finalist(rest)
        winner = self._runoff(first, second)
        votes = {first: self.prefer[first][second], second: self.prefer[second][first]}
        points = {name: self.totals[name] for name in among}
        self.rounds.append(
            {"round": self.number, "totals": points, "finalists": [first, second], "runoff": votes, "elected": winner}
        )
        return winner

    def _finalist(self, among: Sequence[str]) -> str:
        """Who has most points, ties settled."""
        most = max(self.totals[name] for name in among)
        tied = [name for name in among if self.totals[name] == most]
        left = self._fewest_losses(tied)
        fives = max(self.fives[name] for name in left)
        left = [name for name in left if self.fives[name] == fives]
        if len(left) < len(tied):
            self.ties.note("place in the runoff", tied, left, Settled.RULE, self.number)
        (chosen,) = self.ties.first(left, "place in the runoff", at=self.number)
        if len(left) > 1:
            self.open.update(left)
        return chosen

    def _fewest_losses(self, tied: list[str]) -> list[str]:
        while True:
            losses = {
                name: sum(self.prefer[other][name] > self.prefer[name][other] for other in tied if other != name)
                for name in tied
            }
            most = max(losses.values())
            left = [name for name in tied if losses[name] < most]
            if not left:
                return tied
            tied = left

    def _runoff(self, first: str, second: str) -> str:
        pair = (first, second)
        preferred = {first: self.prefer[first][second], second: self.prefer[second][first]}
        for measure in (preferred, self.totals, self.fives):
            if measure[first] != measure[second]:
                winner = max(pair, key=measure.__getitem__)
                if measure is not preferred:
                    self.ties.note("runoff", pair, (winner,), Settled.RULE, self.number)
                self.elected.append((winner,))
                return winner
        (winner,) = self.ties.first(pair, "runoff", at=self.number)
        self.elected.append((winner, *(name for name in pair if name != winner)))
        return winner


def star(profile: Profile, terms: Terms) -> Count:
    ballots = within(suited(profile, METHOD, (Kind.SCORE,)), 0, HIGHEST_SCORE)
    ids, points = profile.ids, points_given(ballots, HIGHEST_SCORE)
    totals = {
        name: sum(score * number for score, number in enumerate(given)) for name, given in zip(ids, points, strict=True)
    }
    fives = {name: given[-1] for name, given in zip(ids, points, strict=True)}
    prefer = named(preferences(places_of(ballots), ballots.weights), ids)
    run = _Run(totals, fives, prefer, Ties(Lot(ids, terms.seed)))
    winners: list[str] = []
    for _ in range(min(seats_of(profile, terms), len(ids)) if ballots.total else 0):
        winners.append(run.seat([name for name in ids if name not in winners]))
    return Count(
        method=METHOD,
        winners=tuple(winners),
        ranking=_ranking(run, ids, winners),
        scores=texts(totals),
        rounds=run.rounds,
        ties=run.ties.all,
        ballots=ballots.total,
        invalid=profile.read - ballots.total,
    )


def _ranking(run: _Run, ids: Sequence[str], winners: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The elected as they came; a last runoff left open has the finalist, and all who were as good, beside the winner."""
    if not winners:
        return rank_by(ids, run.totals.__getitem__)
    before = [names[0] for names in run.elected[:-1]]
    last = {*run.elected[-1]}
    last |= run.open if len(last) > 1 and last <= run.open else set()
    others = [name for name in ids if name not in before]
    tier = tuple(name for name in others if name in last)
    finalist = [name for name in run.rounds[-1]["finalists"] if name not in tier]
    rest = [name for name in others if name not in {*tier, *finalist}]
    return (
        *((name,) for name in before),
        tier,
        *((name,) for name in finalist),
        *rank_by(rest, run.totals.__getitem__),
    )
