from typing import Any

from crowd.core.verifier.frame import Election
from crowd.core.verifier.shared.duels import duels
from crowd.core.verifier.shared.tiers import tiers


def count(e: Election) -> Any:
    """STAR: of the two with most points the one whom more ballots prefer. For each further seat again, among the others."""
    totals = {name: sum(weight * scores.get(name, 0) for weight, scores in e.ballots) for name in e.ids}
    fives = {name: sum(weight for weight, scores in e.ballots if scores.get(name) == 5) for name in e.ids}
    winners, ranking, undecided = list[str](), tiers(e.ids, totals.get), set[str]()
    prefer = duels(e, lambda score: -score)
    while e.ballots and len(winners) < min(e.terms["seats"] or 1, len(e.ids)):
        others, finalists = [name for name in e.ids if name not in winners], list[str]()
        for _ in others[:2]:
            tied = leading([name for name in others if name not in finalists], totals, prefer, fives)
            undecided.update(tied if len(tied) > 1 else [])
            finalists.append(e.by_lot(tied)[0])
        one, two = finalists[0], finalists[-1]
        here, there = ((prefer[a, b], totals[a], fives[a]) for a, b in ((one, two), (two, one)))
        top = {one} if here > there else {two} if here < there else {one, two}
        winner = e.by_lot(name for name in e.ids if name in top)[0]
        top |= undecided if len(top) > 1 and top <= undecided else set()
        tier, second = [name for name in others if name in top], [name for name in finalists if name not in top]
        rest = tiers([name for name in others if name not in {*top, *second}], totals.get)
        ranking = [*([name] for name in winners), tier, *([name] for name in second), *rest]
        winners.append(winner)
    return winners, ranking, e.scaled(totals), {}


def leading(among: list[str], totals: Any, prefer: Any, fives: Any) -> list[str]:
    """Who has most points; of the tied those who lose fewest duels among them, again and again; then those with most fives."""
    left = tied = [name for name in among if totals[name] == max(totals[other] for other in among)]
    while left:
        tied = left
        losses = {one: sum(prefer[other, one] > prefer[one, other] for other in tied) for one in tied}
        left = [name for name in tied if losses[name] < max(losses.values())]
    return [name for name in tied if fives[name] == max(fives[other] for other in tied)]
