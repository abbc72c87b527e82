from typing import Any

from crowd.core.verifier.frame import Election

KIND, FORM = "pairs", list


def read(pairs: Any, e: Election) -> Any:
    """Who is preferred to whom, without those struck off; None if the ballot is invalid."""
    found: dict[str, list[str]] = {}
    for winner, loser in pairs:
        if winner == loser or not {winner, loser} <= e.listed.keys():
            return None
        if e.listed[winner] and e.listed[loser]:
            found.setdefault(e.listed[winner], []).append(e.listed[loser])
    return found
