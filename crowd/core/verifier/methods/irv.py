from typing import Any

from crowd.core.verifier.frame import Election
from crowd.core.verifier.shared.first import first
from crowd.core.verifier.shared.single import single
from crowd.core.verifier.shared.tiers import tiers


def count(e: Election) -> Any:
    """Instant runoff: who has fewest votes goes out and the ballots pass on, until one has more than half (or as many are left as seats)."""
    papers, running, seats = [(weight, single(ranks)) for weight, ranks in e.ballots], e.ids, e.terms["seats"] or 1
    record: dict[str, list[int]] = {name: [] for name in e.ids}  # votes in each round, the latest first
    rounds: list[Any] = []
    while True:
        votes = dict.fromkeys([*running, ""], 0)
        for weight, order in papers:
            votes[next((name for name in order if name in votes), "")] += weight
        told = e.scaled(votes) if e.terms["member_percent"] else votes.copy()
        rounds.append({"round": len(rounds) + 1, "exhausted": told.pop(""), "votes": told, "eliminated": []})
        del votes[""]
        for name in running:
            record[name].insert(0, votes[name])
        if len(running) <= seats or (seats == 1 and 2 * max(votes.values()) > sum(votes.values())):
            break
        fewest = min(votes.values())
        tied = [name for name in running if votes[name] == fewest]
        others = [votes[name] for name in running if name not in tied]
        # All can go at once if their order changes nothing.
        if len(others) < seats or fewest * len(tied) >= min(others):
            tied = e.by_lot(name for name in tied if record[name] == min(record[other] for other in tied))[-1:]
        rounds[-1]["eliminated"] = tied
        running = [name for name in running if name not in tied]
    left = tiers(running, votes.get)
    scores = e.scaled({name: votes[0] for name, votes in record.items()})
    out = [step["eliminated"] for step in rounds[-2::-1]]
    return first(e, left), [*left, *out], scores, {"exhausted": rounds[-1]["exhausted"], "rounds": rounds}
