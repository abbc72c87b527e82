from typing import Any

from crowd.core.verifier.frame import Election
from crowd.core.verifier.shared.first import first
from crowd.core.verifier.shared.tiers import tiers


def count(e: Election) -> Any:
    """Who is given most by all ballots together comes first."""
    totals = {name: sum(weight * choices.get(name, 0) for weight, choices in e.ballots) for name in e.ids}
    ranking = tiers(e.ids, totals.get)
    return first(e, ranking), ranking, e.scaled(totals), {}
