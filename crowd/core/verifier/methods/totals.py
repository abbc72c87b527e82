from collections import Counter
from typing import Any

from crowd.core.verifier.frame import Election
from crowd.core.verifier.shared.first import first
from crowd.core.verifier.shared.shown import shown
from crowd.core.verifier.shared.tiers import tiers


def count(e: Election) -> Any:
    """Who is given most by all ballots together comes first."""
    totals, voters, everybody = dict.fromkeys(e.ids, 0), dict.fromkeys(e.ids, 0), sum(weight for weight, _ in e.ballots)
    given: Counter[tuple[str, int]] = Counter()
    for weight, choices in e.ballots:
        for name, value in choices.items():
            totals[name] += weight * value
            voters[name] += weight
            given[name, value] += weight
    ranking = tiers(e.ids, totals.get)
    numbers = {"round": 1, "votes" if e.method == "approval" else "totals": shown(e, totals)}
    if e.method == "score":
        columns = {score: shown(e, {name: given[name, score] for name in e.ids}) for score in range(1, 6)}
        columns[0] = shown(e, {name: everybody - voters[name] for name in e.ids})
        numbers["ballots_by_score"] = {name: [columns[score][name] for score in range(6)] for name in e.ids}
    elif e.method != "approval":
        numbers["voters"] = shown(e, voters)
    return first(e, ranking), ranking, e.scaled(totals), {"rounds": [numbers], "ties": e.ties}
