from typing import Any

from crowd.core.verifier.frame import Election
from crowd.core.verifier.shared.lots import by_lot


def tiers(names: Any, value: Any) -> list[list[str]]:
    """By value, highest first, those of the same value together."""
    groups: dict[Any, list[str]] = {}
    for name in names:
        groups.setdefault(value(name), []).append(name)
    return [groups[key] for key in sorted(groups, reverse=True)]


def first(e: Election, ranking: Any) -> list[str]:
    """Who wins the seats; among those tied for the last ones the lot decides."""
    winners: list[str] = []
    for tied in ranking if e.ballots else []:
        winners += by_lot(e, tied)[: (e.terms["seats"] or 1) - len(winners)]
    return winners
