from fractions import Fraction
from typing import Any

from crowd.core.verifier.frame import Election
from crowd.core.verifier.shared.tiers import tiers


def count(e: Election) -> Any:
    """Most votes first: what the money reaches for is funded, the rest passed over (or, by the rule greedy-no-skip, ends it)."""
    votes = {name: sum(name in marks for _, marks in e.ballots) for name in e.ids}
    costs = {entry["id"]: Fraction(entry["cost"]) for entry in e.candidates}
    ranking, money, rule = tiers(e.ids, votes.get), Fraction(e.terms["budget"]), e.terms["rule"] or "greedy"
    winners, rounds, skip, because = list[str](), list[Any](), rule != "greedy-no-skip", "taken"
    for tied in ranking if e.ballots else []:
        before, left, already = because, money, len(winners)
        for name in e.by_lot(tied):
            because = "stopped" if not skip and because != "taken" else "taken" if costs[name] <= money else "no_money"
            if because == "taken":
                money -= costs[name]
                winners.append(name)
            number, cost, taken = len(rounds) + 1, str(costs[name]), because == "taken"
            step = {"round": number, "act": rule, "candidate": name, "votes": votes[name], "cost": cost, "taken": taken}
            rounds.append(step | {"because": because, "left": str(money)})
        fitting = [
            name for name in tied if costs[name] <= left
        ]  # a tie matters where not all who would fit do so together
        rivals = tied if fitting and not skip else fitting
        if len(rivals) > 1 and sum(costs[name] for name in rivals) > left and (skip or before == "taken"):
            tie = {"for": "money", "candidates": rivals, "chosen": winners[already:], "by": e.by, "round": None}
            e.ties.append(tie)
    return winners, ranking, e.scaled(votes), {"rounds": rounds, "ties": e.ties}
