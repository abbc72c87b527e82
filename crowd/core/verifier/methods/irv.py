from typing import Any

from crowd.core.verifier.frame import Election, scaled
from crowd.core.verifier.shared.lots import by_lot
from crowd.core.verifier.shared.order import first, tiers
from crowd.core.verifier.shared.papers import narrowed, single


def count(e: Election) -> Any:
    """Instant runoff: who has fewest votes goes out and the ballots pass on, until one has more than half (or as many are left as seats)."""
    papers = [(weight, single(ranks)) for weight, ranks in e.ballots]
    running, seats, history, out = e.ids, e.terms["seats"] or 1, [], []
    while True:
        votes = dict.fromkeys([*running, ""], 0)
        for weight, order in papers:
            votes[next((name for name in order if name in votes), "")] += weight
        exhausted = votes.pop("")
        history.append(votes)
        if len(running) <= seats or (seats == 1 and 2 * max(votes.values()) > sum(votes.values())):
            break
        fewest = min(votes.values())
        tied = [name for name in running if votes[name] == fewest]
        others = [votes[name] for name in running if name not in tied]
        if len(others) < seats or fewest * len(tied) >= min(others):  # else their order does not matter: all go out
            tied = by_lot(e, narrowed(tied, history[:-1], min))[-1:]
        out.append(tied)
        running = [name for name in running if name not in tied]
    left, latest = tiers(running, votes.get), {name: number for past in history for name, number in past.items()}
    share = exhausted if e.terms["member_percent"] is None else scaled(e, {"": exhausted})[""]
    return first(e, left), [*left, *reversed(out)], scaled(e, latest), {"exhausted": share}
