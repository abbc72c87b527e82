from collections import Counter
from fractions import Fraction
from typing import Any

from crowd.core.verifier.frame import Election
from crowd.core.verifier.shared.tiers import tiers


def count(e: Election) -> Any:
    """The Method of Equal Shares, then Add1U, then most votes first with what is left."""
    fans = {name: [voter for voter, (_, marks) in enumerate(e.ballots) if name in marks] for name in e.ids}
    costs = {entry["id"]: Fraction(entry["cost"]) for entry in e.candidates}
    lots, ranking, winners = e.by_lot(e.ids), tiers(e.ids, lambda name: len(fans[name])), list[str]()
    order = {name: (costs[name], -len(fans[name]), lots.index(name)) for name in e.ids}  # of what asks equally little
    budget = left = Fraction(e.terms["budget"])
    each, short = budget / max(1, len(e.ballots)), bool(e.ballots)
    while short:
        more = bought(fans, costs, order, each)
        if sum(costs[name] for name in more) > budget:
            break
        winners, left, each = more, budget - sum(costs[name] for name in more), each + 1
        short = any(fans[name] and name not in winners and costs[name] <= left for name in e.ids)
    for name in [name for tied in ranking for name in e.by_lot(tied)] if e.ballots else []:
        if name not in winners and costs[name] <= left:
            winners, left = [*winners, name], left - costs[name]
    return winners, ranking, e.scaled({name: len(voters) for name, voters in fans.items()}), {}


def bought(fans: Any, costs: Any, order: Any, each: Fraction) -> list[str]:
    """What voters who hold `each` buy: again and again what asks least of a full payer per unit of cost."""
    purse, money = {voter: 0 for voters in fans.values() for voter in voters}, [each]  # those alike share one
    asked = {name: Fraction(1, len(voters)) if costs[name] else Fraction(0) for name, voters in fans.items() if voters}
    found: list[str] = []
    while asked:
        best: Any = None
        for name in sorted(asked, key=lambda name: asked[name]):  # it only ever grows: so far the least it can be
            if best and asked[name] > best[0]:
                break
            missing, payers = costs[name], len(fans[name])
            purses = Counter(purse[voter] for voter in fans[name])
            for has, many in sorted((money[which], many) for which, many in purses.items()):
                if has * payers >= missing:
                    break
                missing, payers = missing - has * many, payers - many
            if payers:
                asked[name] = missing / payers / costs[name] if costs[name] else Fraction(0)
                best = min(best or (2,), (asked[name], order[name], name, missing / payers))
            else:
                del asked[name]
        if best:
            found.append(best[2])
            del asked[best[2]]
            new = {old: len(money) + at for at, old in enumerate({purse[voter] for voter in fans[best[2]]})}
            money += [money[old] - min(money[old], best[3]) for old in new]
            purse |= {voter: new[purse[voter]] for voter in fans[best[2]]}
    return found
