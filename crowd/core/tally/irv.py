"""Instant runoff: the candidate with fewest votes goes out and its ballots pass on, until one has more than half of the votes that count.

Also known as the alternative vote; the rules of Robert's Rules of Order Newly Revised, §45 (preferential voting), and of FairVote.
- A ballot counts for the best continuing candidate it ranks; when none is left it is exhausted. From a tier shared by several on there is no
  single next preference, so it is exhausted there too. A blank ballot is valid and exhausted from the start.
- With several seats nobody wins early: candidates go out until as many are left as there are seats.
- Ties for fewest votes: where all tied together have fewer votes than the next, they go out together, for no order among them could
  change anything else. Otherwise the votes of the latest earlier round in which they differed decide (`rule`), then the seed, else
  the last in the list goes out first. A candidate ranked lower by lot stands in a lower tier.

`ranking`: those left by their last votes, then those eliminated, last out first. `scores`: votes in the last round that each took part in.
`exhausted`: ballots that count for nobody in the last round.
"""

from dataclasses import dataclass, field
from typing import Any

from crowd.core.tally.count import Count, Lot, Settled, Terms, Ties, elect, rank_by, texts
from crowd.core.tally.piles import Piles, narrowed, without_overvotes
from crowd.core.tally.profile import Kind, Profile
from crowd.core.tally.suited import suited
from crowd.core.tally.totals import seats_of

METHOD = "irv"


@dataclass
class _Run:
    ids: tuple[str, ...]
    piles: Piles
    ties: Ties
    seats: int
    continuing: list[int]
    history: list[dict[int, int]] = field(default_factory=list)
    out: list[list[int]] = field(default_factory=list)
    rounds: list[dict[str, Any]] = field(default_factory=list)

    def count(self) -> None:
        while not self._decided():
            going = self._going()
            self.rounds[-1]["eliminated"] = [self.ids[place] for place in going]
            self.out.append(going)
            self.continuing = [place for place in self.continuing if place not in going]
            for place in going:
                self.piles.pass_on(self.piles.papers_of(place), self.continuing)

    def _decided(self) -> bool:
        *votes, exhausted = self.piles.counted()
        self.history.append({place: votes[place] for place in self.continuing})
        by_id = {self.ids[place]: votes[place] for place in self.continuing}
        self.rounds.append({"round": len(self.history), "votes": by_id, "exhausted": exhausted, "eliminated": []})
        majority = self.seats == 1 and any(2 * count > sum(by_id.values()) for count in by_id.values())
        return majority or len(self.continuing) <= self.seats

    def _going(self) -> list[int]:
        votes = self.history[-1]
        fewest = min(votes.values())
        tied = [place for place in self.continuing if votes[place] == fewest]
        others = [count for place, count in votes.items() if place not in tied]
        if len(self.continuing) - len(tied) >= self.seats and fewest * len(tied) < min(others):
            return tied
        left = narrowed(tied, self.history[:-1], highest=False)
        names = [self.ids[place] for place in left]
        if len(left) < len(tied):
            self._note(tied, names)
        (gone,) = self.ties.first(names, "elimination", last=True, at=len(self.history))
        return [self.ids.index(gone)]

    def _note(self, tied: list[int], names: list[str]) -> None:
        among = [self.ids[place] for place in tied]
        self.ties.note("elimination", among, names, Settled.RULE, len(self.history))


def irv(profile: Profile, terms: Terms) -> Count:
    ballots = without_overvotes(suited(profile, METHOD, (Kind.RANK,)))
    ids, seats = profile.ids, seats_of(profile, terms)
    run = _Run(ids, Piles(ballots), Ties(Lot(ids, terms.seed)), seats, list(range(len(ids))))
    run.count()
    last = run.history[-1]
    left = rank_by([ids[place] for place in run.continuing], lambda name: last[ids.index(name)])
    latest = {ids[place]: count for votes in run.history for place, count in votes.items()}
    return Count(
        method=METHOD,
        winners=elect(left, seats if ballots.total else 0, run.ties),
        ranking=(*left, *(tuple(ids[place] for place in out) for out in reversed(run.out))),
        scores=texts({name: latest[name] for name in ids}),
        rounds=run.rounds,
        ties=run.ties.all,
        ballots=ballots.total,
        invalid=profile.read - ballots.total,
        exhausted=run.rounds[-1]["exhausted"],
    )
