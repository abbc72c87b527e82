from collections import Counter
from math import inf
from typing import Any


def single(ranks: dict[str, int]) -> list[str]:
    """A ballot's preferences in order, up to the first place that several share."""
    end = min((rank for rank, many in Counter(ranks.values()).items() if many > 1), default=inf)
    return [name for name, rank in ranks.items() if rank < end]


def narrowed(tied: list[str], earlier: list[dict[str, int]], pick: Any) -> list[str]:
    """Those who had most (or least) when the tied last differed, and so on back among those left."""
    for votes in reversed(earlier):
        wanted = pick(votes[name] for name in tied)
        tied = [name for name in tied if votes[name] == wanted]
    return tied
