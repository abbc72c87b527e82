from collections import Counter
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from crowd.core.verifier.frame import Election
from crowd.core.verifier.shared.tiers import tiers


def count(e: Election) -> Any:
    """The Method of Equal Shares, then Add1U, then most votes first with what is left."""
    fans = {name: [voter for voter, (_, marks) in enumerate(e.ballots) if name in marks] for name in e.ids}
    exact = {entry["id"]: Fraction(entry["cost"]) for entry in e.candidates} | {"": Fraction(e.terms["budget"])}
    unit = lcm(*(amount.denominator for amount in exact.values())) * max(1, len(e.ballots))
    costs = {name: int(amount * unit) for name, amount in exact.items()}  # in units that make all whole numbers
    budget, winners, ranking = costs.pop(""), list[str](), tiers(e.ids, lambda name: len(fans[name]))
    order = {name: (costs[name], -len(fans[name]), lot) for lot, name in enumerate(e.by_lot(e.ids))}  # when equal
    each, left, short = budget // max(1, len(e.ballots)), budget, bool(e.ballots)
    while short:
        more = bought(fans, costs, order, each)
        if sum(costs[name] for name in more) > budget:
            break
        winners, left, each = more, budget - sum(costs[name] for name in more), each + unit
        short = any(fans[name] and name not in winners and costs[name] <= left for name in e.ids)
    for name in [name for tied in ranking for name in e.by_lot(tied)] if e.ballots else []:
        if name not in winners and costs[name] <= left:
            winners, left = [*winners, name], left - costs[name]
    return winners, ranking, e.scaled({name: len(voters) for name, voters in fans.items()}), {}


def bought(fans: Any, costs: Any, order: Any, each: int) -> list[str]:
    """What voters who hold `each` buy: again and again what asks least of a full payer per unit of cost."""
    purse = {voter: 0 for voters in fans.values() for voter in voters}  # those alike share one
    money, parts, found = [each], 1, list[str]()  # in whole numbers of 1 / parts
    asked: list[Any] = [(0.0, 0, *entry) for entry in sorted((order[name], name) for name in fans if fans[name])]
    while asked:
        offers: list[Any] = []
        while asked and asked[0][:2] <= min(offers, default=asked[0])[:2]:  # it only grows: so far the least it can be
            name = asked.pop(0)[3]
            missing, payers = costs[name] * parts, len(fans[name])
            for has, many in sorted(Counter(money[purse[voter]] for voter in fans[name]).items()):
                if has * payers >= missing:
                    break
                missing, payers = missing - has * many, payers - many
            if payers:
                rate = Fraction(missing, payers * parts * max(1, costs[name]))
                offers.append((float(rate), rate, order[name], name, missing, payers))  # the float sorts faster
        if offers:
            (*_, name, missing, payers), *others = sorted(offers)
            found, asked = [*found, name], sorted([*asked, *others])
            pay, finer = missing // gcd(missing, payers), payers // gcd(missing, payers)
            parts, money = parts * finer, [has * finer for has in money]
            new = {old: len(money) + at for at, old in enumerate({purse[voter] for voter in fans[name]})}
            money += [max(0, money[old] - pay) for old in new]
            purse |= {voter: new[purse[voter]] for voter in fans[name]}
    return found
