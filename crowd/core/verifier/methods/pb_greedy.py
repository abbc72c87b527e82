from fractions import Fraction
from typing import Any

from crowd.core.verifier.frame import Election
from crowd.core.verifier.shared.tiers import tiers


def count(e: Election) -> Any:
    """Most votes first: what the money reaches for is funded, the rest passed over (or, by the rule greedy-no-skip, ends it)."""
    votes = {name: sum(name in marks for _, marks in e.ballots) for name in e.ids}
    costs = {entry["id"]: Fraction(entry["cost"]) for entry in e.candidates}
    ranking, money, winners = tiers(e.ids, votes.get), Fraction(e.terms["budget"]), []
    for name in [name for tied in ranking for name in e.by_lot(tied)] if e.ballots else []:
        if costs[name] <= money:
            money -= costs[name]
            winners.append(name)
        elif e.terms["rule"] == "greedy-no-skip":
            break
    return winners, ranking, e.scaled(votes), {}
