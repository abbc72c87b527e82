"""The Method of Equal Shares for one budget per voter: who pays what, exactly.

Floats only sort out what is far from being equal; whatever could be equal within `NEAR` is decided by fractions, worked out when first
needed: a voter's money is what it was at the start, less the payments for what was bought of their ballot.
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

NEAR = 1e-9
TINY = 1e-12
SOMETHING = 5e-324  # whoever is not exhausted has more than 0, however little
Groups = NDArray[np.int64]


@dataclass(frozen=True)
class Market:
    """An election: per project its supporters (groups of equal ballots), how many they are, its cost, its place in a tie.

    `ballots[g]`: the projects that group g supports. `voters[g]`: how many voters it is.
    """

    supporters: Sequence[Groups]
    ballots: Sequence[Groups]
    voters: NDArray[np.int64]
    votes: Sequence[int]
    costs: Sequence[Fraction]
    tie_order: Sequence[int]

    @property
    def total(self) -> int:
        return int(self.voters.sum())


@dataclass(frozen=True)
class Offer:
    """What a project would ask: `pay` of each supporter who has it; `rate` is pay per cost. `plain`: every supporter has it."""

    project: int
    pay: float
    rate: float
    plain: bool


@dataclass(frozen=True)
class Purchase:
    """A project bought. `tied`: projects that asked exactly the same per cost, itself included, in the order of ties."""

    project: int
    pay: float
    rate: float
    tied: tuple[int, ...]
    exhausted: Groups  # those who gave all they had left
    others: int  # voters who paid in full


@dataclass
class Run:
    """`each`: the money of every voter at the start."""

    market: Market
    each: Fraction
    purchases: list[Purchase] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.money = np.full(len(self.market.voters), float(self.each))
        self.costs = [float(cost) for cost in self.market.costs]
        self._number: dict[int, int] = {}
        self._paid: list[Fraction] = []
        self._bounds: list[tuple[float, int]] = []

    def buy_all(self) -> "Run":
        """Buy the project that asks least per cost, again and again, until nothing can be afforded."""
        market = self.market
        self._bounds = [
            (1 / votes if market.costs[project] else 0.0, project)
            for project, votes in enumerate(market.votes)
            if votes
        ]
        heapq.heapify(self._bounds)
        while self._bounds:
            near = self._best()
            if near:
                tied = self._least(near)
                self._buy(tied)
                for offer in near:
                    if offer is not tied[0]:
                        heapq.heappush(self._bounds, (offer.rate, offer.project))
        return self

    @property
    def bought(self) -> tuple[int, ...]:
        return tuple(purchase.project for purchase in self.purchases)

    @property
    def spent(self) -> Fraction:
        return sum((self.market.costs[project] for project in self.bought), Fraction(0))

    def _best(self) -> list[Offer]:
        """All offers that could be the least. Rates only rise, so an old one is a lower bound; what is once unaffordable stays so."""
        offers: list[Offer] = []
        best = float("inf")
        while self._bounds and self._bounds[0][0] <= best * (1 + NEAR):
            offer = self._offer(heapq.heappop(self._bounds)[1])
            if offer is not None:
                offers.append(offer)
                best = min(best, offer.rate)
        for offer in offers:
            if offer.rate > best * (1 + NEAR):
                heapq.heappush(self._bounds, (offer.rate, offer.project))
        return [offer for offer in offers if offer.rate <= best * (1 + NEAR)]

    def _offer(self, project: int) -> Offer | None:
        groups, cost, votes = self.market.supporters[project], self.costs[project], self.market.votes[project]
        money, noise = self.money[groups], TINY * float(self.each)
        pay = cost / votes
        if pay <= money.min() * (1 - NEAR) - noise or not cost:
            return Offer(project, pay, 1 / votes if cost else 0.0, plain=True)
        voters = self.market.voters[groups]
        have, slack = float(money @ voters), NEAR * cost + noise * votes
        if have < cost - slack or (have < cost + slack and self._exact_pay(project) is None):
            return None
        order = np.argsort(money, kind="stable")
        money, voters = money[order], voters[order]
        paid = money * voters
        asks = (cost - (np.cumsum(paid) - paid)) / (votes - (np.cumsum(voters) - voters))
        enough = asks <= money
        pay = float(asks[np.argmax(enough)] if enough.any() else money[-1])
        return Offer(project, pay, pay / cost, plain=False)

    def _least(self, near: Sequence[Offer]) -> list[Offer]:
        """The least offers, compared exactly, in the order of ties."""
        if len(near) == 1:
            return list(near)
        rates = {offer.project: self._exact_rate(offer) for offer in near}
        least = min(rates.values())
        tied = [offer for offer in near if rates[offer.project] == least]
        return sorted(tied, key=lambda offer: self.market.tie_order[offer.project])

    def _buy(self, tied: Sequence[Offer]) -> None:
        offer = tied[0]
        groups = self.market.supporters[offer.project]
        money = self.money[groups]
        emptied = money < offer.pay
        close = np.flatnonzero(np.abs(money - offer.pay) <= NEAR * offer.pay + TINY * float(self.each))
        if close.size:
            pay = self._exact_pay(offer.project)
            for place in close:
                emptied[place] = pay is None or self.exact_money(int(groups[place])) <= pay
        others = int(self.market.voters[groups[~emptied]].sum())
        self.money[groups] = np.where(emptied, 0.0, np.maximum(money - offer.pay, SOMETHING))
        names = tuple(other.project for other in tied)
        self._number[offer.project] = len(self.purchases)
        self.purchases.append(
            Purchase(offer.project, offer.pay, offer.rate, names, groups[emptied & (money > 0)], others)
        )

    def _exact_rate(self, offer: Offer) -> Fraction:
        cost = self.market.costs[offer.project]
        if offer.plain or not cost:
            return Fraction(1, self.market.votes[offer.project]) if cost else cost
        return (self._exact_pay(offer.project) or Fraction(0)) / cost

    def _exact_pay(self, project: int) -> Fraction | None:
        """What each supporter who has it would pay; None where all together have too little."""
        holders = self._holders(self.market.supporters[project])
        missing, left = self.market.costs[project], self.market.votes[project]
        for money, number in sorted(holders.items()):
            if money * left >= missing:
                return missing / left
            missing -= money * number
            left -= number
        return None

    def _holders(self, groups: Groups) -> dict[Fraction, int]:
        """How many voters have each exact sum."""
        alike: Counter[tuple[int, ...] | None] = Counter()
        for group in groups.tolist():
            alike[self._payments_of(group, len(self.purchases))] += int(self.market.voters[group])
        found: Counter[Fraction] = Counter()
        for numbers, voters in alike.items():
            found[self._left(numbers)] += voters
        return found

    def exact_money(self, group: int) -> Fraction:
        """What each voter of this group has left."""
        return self._left(self._payments_of(group, len(self.purchases)))

    def _payments_of(self, group: int, before: int) -> tuple[int, ...] | None:
        """The purchases so far that this group paid in full for; None once it has given everything."""
        if before == len(self.purchases) and self.money[group] == 0.0:
            return None
        numbers = (self._number.get(project, before) for project in self.market.ballots[group].tolist())
        return tuple(sorted(number for number in numbers if number < before))

    def _left(self, numbers: Iterable[int] | None) -> Fraction:
        if numbers is None:
            return Fraction(0)
        return self.each - sum((self.exact_payment(number) for number in numbers), Fraction(0))

    def exact_payment(self, number: int) -> Fraction:
        """What those paid for this purchase who had enough: (cost - the money of the exhausted) / the number of the others."""
        while len(self._paid) <= number:
            at = len(self._paid)
            purchase = self.purchases[at]
            alike: Counter[tuple[int, ...] | None] = Counter()
            for group in purchase.exhausted.tolist():
                alike[self._payments_of(group, at)] += int(self.market.voters[group])
            short = sum((self._left(numbers) * voters for numbers, voters in alike.items()), Fraction(0))
            missing = self.market.costs[purchase.project] - short
            self._paid.append(missing / purchase.others if purchase.others else Fraction(0))
        return self._paid[number]
