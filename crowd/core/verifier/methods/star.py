from typing import Any

from crowd.core.verifier.frame import Election, scaled
from crowd.core.verifier.shared.duels import duels
from crowd.core.verifier.shared.lots import by_lot
from crowd.core.verifier.shared.order import tiers


def count(e: Election) -> Any:
    """STAR: of the two with most points the one whom more ballots prefer. For each further seat again, among the others."""
    prefer, totals, fives = duels(e, lambda score: -score), dict.fromkeys(e.ids, 0), dict.fromkeys(e.ids, 0)
    for weight, scores in e.ballots:
        for name, score in scores.items():
            totals[name] += weight * score
            fives[name] += weight * (score == 5)
    winners: list[str] = []
    ranking, undecided = tiers(e.ids, totals.get), set[str]()
    while e.ballots and len(winners) < min(e.terms["seats"] or 1, len(e.ids)):
        others, finalists = [name for name in e.ids if name not in winners], list[str]()
        for _ in others[:2]:
            tied = leading([name for name in others if name not in finalists], totals, prefer, fives)
            undecided.update(tied if len(tied) > 1 else [])
            finalists.append(by_lot(e, tied)[0])
        one, two = finalists[0], finalists[-1]
        here, there = ((prefer[a, b], totals[a], fives[a]) for a, b in ((one, two), (two, one)))
        top = {one} if here > there else {two} if here < there else {one, two}
        winner = by_lot(e, top)[0]
        top |= undecided if len(top) > 1 and top <= undecided else set()
        second = [name for name in finalists if name not in top]
        rest = tiers([name for name in others if name not in {*top, *second}], totals.get)
        tier = [name for name in others if name in top]
        ranking = [*([name] for name in winners), tier, *([name] for name in second), *rest]
        winners.append(winner)
    return winners, ranking, scaled(e, totals), {}


def leading(among: list[str], totals: Any, prefer: Any, fives: Any) -> list[str]:
    """Who has most points; of the tied those who lose fewest duels among them, again and again; then those with most fives."""
    most = max(totals[name] for name in among)
    left = tied = [name for name in among if totals[name] == most]
    while left:
        tied = left
        losses = {one: sum(prefer[other, one] > prefer[one, other] for other in tied) for one in tied}
        left = [name for name in tied if losses[name] < max(losses.values())]
    return [name for name in tied if fives[name] == max(fives[other] for other in tied)]
