from fractions import Fraction
from itertools import groupby
from typing import Any

from crowd.core.verifier.frame import Election
from crowd.core.verifier.shared.lots import by_lot
from crowd.core.verifier.shared.papers import narrowed, single

UNIT = 10**5  # a vote: the order counts to five decimals and ignores the rest


def count(e: Election) -> Any:
    """Scottish STV: who has the quota is elected and the surplus passes on; when there is none, who has fewest votes is excluded."""
    papers: list[Any] = [[UNIT, order] for _, ranks in e.ballots if (order := single(ranks))]
    vacant, lots, running, waiting, exhausted = e.terms["seats"] or 1, by_lot(e, e.ids), e.ids, [], 0
    quota = (len(papers) // (vacant + 1) + 1) * UNIT
    piles = {name: [paper for paper in papers if paper[1][0] == name] for name in e.ids}
    votes = {name: UNIT * len(pile) for name, pile in piles.items()}
    stages: list[list[str]] = []
    out: list[str] = []
    history: list[dict[str, int]] = []

    def record(name: str) -> list[int]:
        return [past[name] for past in reversed(history)]

    while True:
        history.append(dict(votes))
        for least in (quota, 0):  # who has the quota; then all who run, if there are no more of them than vacancies
            if least or len(running) <= vacant:
                there = [name for name in running if votes[name] >= least]
                stages.append(sorted(there, key=lambda name: (record(name), -lots.index(name)), reverse=True))
                waiting += [name for name in stages[-1] if votes[name] > quota]
                running, vacant = [name for name in running if name not in there], vacant - len(there)
        if not vacant or not running:
            break
        if waiting:
            tied = [name for name in waiting if votes[name] == max(votes[other] for other in waiting)]
            going = by_lot(e, narrowed(tied, history[:-1], max))[0]
            waiting.remove(going)
            surplus, before, votes[going] = votes[going] - quota, votes[going], quota
        else:
            tied = [name for name in running if votes[name] == min(votes[other] for other in running)]
            going = by_lot(e, narrowed(tied, history[:-1], min))[-1]
            running = [name for name in running if name != going]
            out.append(going)
            surplus, before, votes[going] = 1, 1, 0
        for paper in piles.pop(going):
            paper[0] = surplus * paper[0] // before
            to = next((name for name in paper[1] if name in running), None)
            if to:
                piles[to].append(paper)
                votes[to] += paper[0]
            exhausted += to is None and going in out
    ordered = [*stages, sorted(running, key=record, reverse=True)]
    alike = [sorted(names, key=e.ids.index) for stage in ordered for _, names in groupby(stage, key=record)]
    winners = [name for stage in stages for name in stage if papers]
    numbers = {"ballots": len(papers), "invalid": e.invalid + len(e.ballots) - len(papers), "exhausted": exhausted}
    scores = {name: str(Fraction(number, UNIT)) for name, number in votes.items()}
    return winners, [*alike, *([name] for name in reversed(out))], scores, numbers
