from fractions import Fraction
from itertools import groupby
from typing import Any

from crowd.core.verifier.frame import Election
from crowd.core.verifier.shared.single import single

UNIT = 10**5  # a vote: the order counts to five decimals and ignores the rest


def count(e: Election) -> Any:
    """Scottish STV: who has the quota is elected and the surplus passes on; when there is none, who has fewest votes is excluded."""
    papers: list[Any] = [[UNIT, order] for _, ranks in e.ballots if (order := single(ranks))]
    vacant, lots, running, waiting, exhausted = e.terms["seats"] or 1, e.by_lot(e.ids), e.ids, list[str](), 0
    quota, stages, out = (len(papers) // (vacant + 1) + 1) * UNIT, list[list[str]](), list[str]()
    piles = {name: [paper for paper in papers if paper[1][0] == name] for name in e.ids}
    votes = {name: UNIT * len(pile) for name, pile in piles.items()}
    record: dict[str, list[int]] = {name: [] for name in e.ids}  # votes at each stage, the latest first
    while True:
        record = {name: [votes[name], *record[name]] for name in e.ids}
        for least in (quota, 0):  # who has the quota; then all who run, if there are no more of them than vacancies
            if least or len(running) <= vacant:
                there = [name for name in running if votes[name] >= least]
                stages.append(sorted(there, key=lambda name: (record[name], -lots.index(name)), reverse=True))
                waiting += [name for name in stages[-1] if votes[name] > quota]
                running, vacant = [name for name in running if name not in there], vacant - len(there)
        if not vacant or not running:
            break
        if waiting:
            most = max(record[name] for name in waiting)
            going = e.by_lot(name for name in e.ids if name in waiting and record[name] == most)[0]
            waiting.remove(going)
        else:
            fewest = min(record[name] for name in running)
            going = e.by_lot(name for name in running if record[name] == fewest)[-1]
            running = [name for name in running if name != going]
            out.insert(0, going)
        before, votes[going] = max(1, votes[going]), 0 if going in out else quota
        for paper in piles.pop(going):
            paper[0] = (before - votes[going]) * paper[0] // before  # its share of the surplus; of who is excluded, all
            if to := next((name for name in paper[1] if name in running), ""):
                piles[to].append(paper)
                votes[to] += paper[0]
            exhausted += not to and going in out
    ordered = [*stages, sorted(running, key=record.__getitem__, reverse=True)]
    alike = [sorted(tied, key=e.ids.index) for stage in ordered for _, tied in groupby(stage, key=record.__getitem__)]
    numbers = {"ballots": len(papers), "invalid": e.invalid + len(e.ballots) - len(papers), "exhausted": exhausted}
    scores = {name: str(Fraction(number, UNIT)) for name, number in votes.items()}
    winners = [name for stage in stages for name in stage if papers]
    return winners, [*alike, *([name] for name in out)], scores, numbers
