from typing import Any

from crowd.core.verifier.frame import Election, scaled
from crowd.core.verifier.shared.order import first, tiers


def count(e: Election) -> Any:
    """Who is given most by all ballots together comes first."""
    totals = dict.fromkeys(e.ids, 0)
    for weight, choices in e.ballots:
        for name, number in choices.items():
            totals[name] += weight * number
    ranking = tiers(e.ids, totals.get)
    return first(e, ranking), ranking, scaled(e, totals), {}
