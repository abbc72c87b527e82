"""Methods once more, slowly and plainly, ballot by ballot, with lots in the order of candidates. And builders of profiles.

With a seed, all methods are held against the script of a bundle, see tests/core/bundle/test_agreement.py.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

from crowd.core.tally.count import Count, Terms
from crowd.core.tally.methods import tally
from crowd.core.tally.profile import DEFAULT_GRADES, Candidate, Gathering, Kind, Profile

Tiers = tuple[tuple[int, ...], ...]
UNIT = 10**5


def profile_of(
    names: str | Sequence[str],
    kind: Kind,
    ballots: Iterable[Any],
    *,
    costs: Sequence[int | Fraction] = (),
    grades: Sequence[str] = DEFAULT_GRADES,
    **more: Any,
) -> Profile:
    """From ballots in the places of candidates, as `Gathering.add` takes them, each once."""
    prices: list[Fraction | None] = [Fraction(cost) for cost in costs] or [None] * len(names)
    gathering = Gathering([Candidate(name, "", cost) for name, cost in zip(names, prices, strict=True)])
    for ballot in ballots:
        gathering.add(kind, ballot)
    return Profile(
        gathering.candidates, gathering.ballots(grades=len(grades)), gathering.invalid, grades=tuple(grades), **more
    )


def ranked(names: str, *orders: str, **more: Any) -> Profile:
    """From rankings written `2 a>b=c`: how many, then the tiers."""
    gathering = Gathering([Candidate(name) for name in names])
    for line in orders:
        many, _, order = line.partition(" ")
        tiers = [tuple(names.index(name) for name in tier.split("=")) for tier in order.split(">") if tier]
        gathering.add(Kind.RANK, tiers, int(many))
    return Profile(gathering.candidates, gathering.ballots(), gathering.invalid, **more)


def count(profile: Profile, method: str, **terms: Any) -> Count:
    return tally(profile, method, Terms(**terms))


def earlier(tied: list[int], history: Sequence[Sequence[Any]], pick: Callable[..., Any]) -> list[int]:
    for votes in reversed(history):
        best = pick(votes[place] for place in tied)
        tied = [place for place in tied if votes[place] == best]
    return tied


def single(order: Tiers) -> list[int]:
    """The preferences up to the first that is shared."""
    found = []
    for tier in order:
        if len(tier) > 1:
            break
        found.append(tier[0])
    return found


class Scottish:
    """Scottish STV paper by paper. `elected` in order, `quota`, `votes` at the end; lots are drawn in the order of candidates."""

    def __init__(self, size: int, ballots: Iterable[Tiers], seats: int) -> None:
        papers: list[list[Any]] = [[single(order), UNIT, 0] for order in ballots if single(order)]
        self.size, self.seats = size, seats
        self.quota = len(papers) // (seats + 1) + 1
        self.holder: list[list[list[Any]]] = [[] for _ in range(size)]
        for paper in papers:
            self.holder[paper[0][0]].append(paper)
        self.votes = [UNIT * len(pile) for pile in self.holder]
        self.elected: list[int] = []
        self.out: set[int] = set()
        self.waiting: list[int] = []
        self.history = [list(self.votes)]
        while self.stage():
            self.history.append(list(self.votes))

    def running(self) -> list[int]:
        return [place for place in range(self.size) if place not in self.elected and place not in self.out]

    def deem(self, places: Iterable[int]) -> None:
        def order(place: int) -> tuple[list[int], int]:
            return [past[place] for past in reversed(self.history)], -place

        for place in sorted(places, key=order, reverse=True):
            self.elected.append(place)
            if self.votes[place] > self.quota * UNIT:
                self.waiting.append(place)

    def move(self, place: int, top: int, bottom: int) -> None:
        """Every paper of a candidate passes on at top / bottom of its value."""
        for paper in self.holder[place]:
            paper[1] = top * paper[1] // bottom
            while paper[2] < len(paper[0]) and paper[0][paper[2]] not in self.running():
                paper[2] += 1
            if paper[2] < len(paper[0]):
                self.holder[paper[0][paper[2]]].append(paper)
                self.votes[paper[0][paper[2]]] += paper[1]
        self.holder[place] = []

    def stage(self) -> bool:
        votes = self.votes
        self.deem(place for place in self.running() if votes[place] >= self.quota * UNIT)
        if len(self.running()) <= self.seats - len(self.elected):
            self.deem(self.running())
        if len(self.elected) >= self.seats or not self.running():
            return False
        if self.waiting:
            most = max(votes[place] for place in self.waiting)
            tied = [place for place in self.waiting if votes[place] == most]
            place = min(earlier(tied, self.history[:-1], max))
            self.waiting.remove(place)
            self.move(place, votes[place] - self.quota * UNIT, votes[place])
            votes[place] = self.quota * UNIT
        else:
            fewest = min(votes[place] for place in self.running())
            tied = [place for place in self.running() if votes[place] == fewest]
            place = max(earlier(tied, self.history[:-1], min))
            self.out.add(place)
            self.move(place, 1, 1)
            votes[place] = 0
        return True


def runoff(size: int, ballots: Sequence[Tiers]) -> int:
    """The winner of an instant runoff; of those equal in every round the last goes out first."""
    running = list(range(size))
    history: list[list[int]] = []
    while True:
        votes = [0] * size
        for order in ballots:
            left = [place for place in single(order) if place in running]
            if left:
                votes[left[0]] += 1
        if len(running) == 1 or any(2 * votes[place] > sum(votes) for place in running):
            return max(running, key=lambda place: votes[place])
        fewest = min(votes[place] for place in running)
        running.remove(max(earlier([place for place in running if votes[place] == fewest], history, min)))
        history.append(votes)


def medians(grades: Sequence[int]) -> list[int]:
    """Grades (best 0) taken from the middle one at a time, of an even number the worse."""
    left = sorted(grades)
    return [left.pop(len(left) // 2) for _ in range(len(left))]
