"""Ballot papers in piles: each lies with the best candidate it ranks among those still in the count."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from crowd.core.tally.profile import Ballots, Numbers, narrowest, unranked

NOBODY = -1
Places = NDArray[np.int64]


def without_overvotes(ballots: Ballots) -> Ballots:
    """Each ranking ends before the first tier that several share: there is no single next preference from there on."""
    values = ballots.values
    none = unranked(values)
    ranked = np.zeros(values.shape[1], dtype=narrowest(len(values)))
    last = np.zeros(values.shape[1], dtype=values.dtype)
    for row in values:  # a row at a time stays in the processor's cache
        there = row != none
        ranked += there
        np.maximum(last, row * there, out=last)
    shared = np.flatnonzero(ranked > last)
    if not shared.size:
        return ballots
    cut = values.copy()
    cut[:, shared] = _cut(values[:, shared], none)
    return Ballots(ballots.kind, cut, ballots.weights)


def _cut(values: Numbers, none: int) -> Numbers:
    ends = np.full(values.shape[1], none, dtype=values.dtype)
    for tier in range(int(values[values != none].max()), 0, -1):
        ends[(values == tier).sum(axis=0) > 1] = tier
    cut: Numbers = np.where(values >= ends, none, values).astype(values.dtype)
    return cut


class Piles:
    """`at[g]`: the place of the candidate with whom group g lies, or NOBODY."""

    def __init__(self, ballots: Ballots) -> None:
        self.values, self.weights = ballots.values, ballots.weights
        self.none = unranked(self.values)
        everybody = range(len(self.values))
        self.at = np.full(len(self.weights), NOBODY, dtype=np.int32)
        self._lay(np.arange(len(self.weights), dtype=np.int64), everybody)

    def papers_of(self, candidate: int) -> Places:
        """The groups that lie with a candidate."""
        return np.flatnonzero(self.at == candidate)

    def pass_on(self, groups: Places, continuing: Collection[int]) -> None:
        """Lay these groups with their next preference among the continuing candidates."""
        self._lay(groups, continuing)

    def counted(self, groups: Places | None = None) -> list[int]:
        """How many of these ballots lie with each candidate; the last number: with nobody."""
        at = self.at if groups is None else self.at[groups]
        weights = self.weights if groups is None else self.weights[groups]
        found = np.bincount(np.where(at == NOBODY, len(self.values), at), weights, len(self.values) + 1)
        return [int(number) for number in found]  # exact: MOST_WEIGHT is far below 2**53

    def _lay(self, groups: Places, among: Collection[int]) -> None:
        best = np.full(len(groups), self.none, dtype=self.values.dtype)
        at = np.full(len(groups), NOBODY, dtype=np.int32)
        whole = len(groups) == len(self.weights)  # all of them, in order: no need to gather
        for candidate in among:
            rank = self.values[candidate] if whole else self.values[candidate, groups]
            better = rank < best
            best[better] = rank[better]
            at[better] = candidate
        self.at[groups] = at


def narrowed(tied: Sequence[int], earlier: Sequence[Mapping[int, int]], *, highest: bool) -> list[int]:
    """Those of `tied` that had most (or least) votes at the latest earlier stage at which their votes were unequal.

    Goes on back through the stages among those still equal; several are left only if they were equal at every one.
    """
    left = list(tied)
    for votes in reversed(earlier):
        wanted = (max if highest else min)(votes[candidate] for candidate in left)
        left = [candidate for candidate in left if votes[candidate] == wanted]
    return left
