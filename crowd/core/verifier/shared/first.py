from typing import Any

from crowd.core.verifier.frame import Election


def first(e: Election, ranking: Any) -> list[str]:
    """Who wins the seats; among those tied for the last ones the lot decides, and that is noted."""
    winners: list[str] = []
    for tied in ranking if e.ballots else []:
        chosen = e.by_lot(tied)[: (e.terms["seats"] or 1) - len(winners)]
        if 0 < len(chosen) < len(tied):
            e.ties.append({"for": "seat", "candidates": tied, "chosen": chosen, "by": e.by, "round": None})
        winners += chosen
    return winners
