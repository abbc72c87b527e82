from collections import Counter
from math import inf


def single(ranks: dict[str, int]) -> list[str]:
    """A ballot's preferences in order, up to the first place that several share."""
    end = min((rank for rank, many in Counter(ranks.values()).items() if many > 1), default=inf)
    return [name for name, rank in ranks.items() if rank < end]
