from typing import Any

from crowd.core.verifier.frame import Election


def first(e: Election, ranking: Any) -> list[str]:
    """Who wins the seats; among those tied for the last ones the lot decides."""
    winners: list[str] = []
    for tied in ranking if e.ballots else []:
        winners += e.by_lot(tied)[: (e.terms["seats"] or 1) - len(winners)]
    return winners
