from typing import Any

from crowd.core.verifier.frame import Election

KIND, FORM = "rank", list


def read(tiers: Any, e: Election) -> Any:
    """Whom a ballot ranks, and where, best 1; None if it is invalid."""
    ranks = {name: rank for rank, tier in enumerate(tiers, start=1) for name in tier}
    return e.given(ranks) if len(ranks) == sum(map(len, tiers)) else None
