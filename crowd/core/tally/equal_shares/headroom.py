"""By how much everybody's money could grow before the Method of Equal Shares would buy anything else.

As long as the purchases and those they exhaust stay the same, every voter's money is a linear function of the money at the start, and so is
what each purchase asks. Project q is no better than a purchase at rate r while Σ min(money, r · cost) ≤ cost over its supporters; the sum is
concave, so the difference is convex and never below its tangent: where the tangent meets 0 is safe. Add1U may then leave out the steps
in between, which would all buy the same.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crowd.core.tally.equal_shares.purchases import Market, Purchase, Run

NOISE = 1e-9
Floats = NDArray[np.float64]


@dataclass
class _Replay:
    market: Market
    money: Floats
    growth: Floats  # of each group's money, when everybody gets one unit more at the start

    def __post_init__(self) -> None:
        supporters = self.market.supporters
        self.groups = np.concatenate([*supporters, np.zeros(0, dtype=np.int64)])
        self.projects = np.repeat(np.arange(len(supporters)), [len(groups) for groups in supporters])
        self.costs = np.array([float(cost) for cost in self.market.costs])
        self.votes = np.array(self.market.votes, dtype=np.float64)
        self.left = (self.votes > 0) & (self.costs > 0)

    def step(self, purchase: Purchase) -> float:
        """Make the purchase; the headroom until it would be another."""
        groups, voters = self.market.supporters[purchase.project], self.market.voters
        emptied = purchase.exhausted
        lost = float(self.growth[emptied] @ voters[emptied])
        pay_growth = -lost / purchase.others if purchase.others else float(self.growth[emptied].max(initial=0.0))
        apart, drift = self.money[groups] - purchase.pay, self.growth[groups] - pay_growth
        gone = np.isin(groups, emptied) | (self.money[groups] == 0.0)
        own = min(_until(-apart[gone], -drift[gone]), _until(apart[~gone], drift[~gone]))
        self.left[purchase.project] = False
        cost = self.costs[purchase.project]
        others = self._others(purchase.rate, pay_growth / cost if cost else 0.0)
        self.money[groups] = np.where(gone, 0.0, apart)
        self.growth[groups] = np.where(gone, 0.0, drift)
        return min(own, others)

    def _others(self, rate: float, rate_growth: float) -> float:
        most, more = (rate * self.costs)[self.projects], (rate_growth * self.costs)[self.projects]
        money, growth = self.money[self.groups], self.growth[self.groups]
        all_of_it = (money < most) | ((money == most) & (growth < more))
        return self._short(np.where(all_of_it, money, most), np.where(all_of_it, growth, more))

    def end(self) -> float:
        """The headroom until something left over could be paid for."""
        return self._short(self.money[self.groups], self.growth[self.groups])

    def _short(self, gives: Floats, growth: Floats) -> float:
        voters, size = self.market.voters[self.groups], len(self.costs)
        missing: Floats = self.costs - np.bincount(self.projects, gives * voters, size).astype(np.float64)
        falling: Floats = -np.bincount(self.projects, growth * voters, size).astype(np.float64)
        return _until(missing[self.left], falling[self.left])


def _until(above: Floats, drift: Floats) -> float:
    """How far all of `above` stay at least 0; what is 0 and does not move stays."""
    falling = drift < -NOISE * max(1.0, float(np.abs(drift).max(initial=0.0)))
    return float((np.maximum(above[falling], 0.0) / -drift[falling]).min(initial=np.inf))


def headroom(run: Run) -> int:
    """So many units more for everybody, and the run would still buy the same."""
    each = float(run.each)
    groups = len(run.market.voters)
    replay = _Replay(run.market, np.full(groups, each), np.ones(groups))
    room = min([*(replay.step(purchase) for purchase in run.purchases), replay.end()])
    return max(0, int(room * (1 - NOISE) - NOISE * each)) if room < np.inf else 0
