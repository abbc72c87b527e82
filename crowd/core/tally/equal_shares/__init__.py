"""Participatory budgeting by the Method of Equal Shares: everybody holds the same share of the budget and pays for what they voted for.

Peters, Pierczyński and Skowron, "Proportional Participatory Budgeting with Additive Utilities" (NeurIPS 2021); completion and ties as
https://equalshares.net/implementation has them, but from the exact share, as pabutools (that page rounds the first share down to a whole
unit). Utility is cost: a project a ballot marks is worth its cost to the voter.
1. Each voter holds budget ÷ ballots. Of a project its supporters who can pay as much each; who has less gives all. Bought is, again and again,
   the affordable project that asks least of a full payer per unit of cost (the most "effective votes").
   Asking equally little: lower cost, then more votes, then the seed, else the order of the file.
2. Add1U: while some project that has votes still fits the budget, each voter's money is raised by one unit of currency and step 1 is
   counted afresh, as long as what is bought stays within the budget.
3. What is left is spent greedily by votes (`pb_greedy`, rule `greedy`).

Everything is decided in exact fractions. Points and scores above 0, and ranks, are read as marks. Bounds of parts of town are no part of this
method, which gives each group of voters its share, and are not looked at. `ranking` and `scores` show votes; `rounds` say `equal_shares` or `completion`, who paid what, and what
the supporters of the others had left.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from crowd.core.exact import exact_text
from crowd.core.tally.count import Count, Lot, Settled, Terms, Ties, rank_by, texts
from crowd.core.tally.equal_shares.headroom import headroom
from crowd.core.tally.equal_shares.purchases import Market, Run
from crowd.core.tally.greedy import Caps
from crowd.core.tally.pb_greedy import Purse, money_of, step_data
from crowd.core.tally.profile import Ballots, Kind, Profile
from crowd.core.tally.suited import marks_of
from crowd.core.tally.totals import sums

METHOD = "pb-equal-shares"
PATIENCE = 3
"""After so many steps that bought the same it is worked out how many more would."""
KINDS = (Kind.APPROVE, Kind.RANK, Kind.POINTS, Kind.SCORE)


def pb_equal_shares(profile: Profile, terms: Terms) -> Count:
    budget, costs = money_of(profile, terms, METHOD)
    ballots, ties = marks_of(profile, METHOD, KINDS), Ties(Lot(profile.ids, terms.seed))
    votes = dict(zip(profile.ids, sums(ballots), strict=True))
    ranking = rank_by(profile.ids, votes.__getitem__)
    run = buy(market_of(ballots, [costs[name] for name in profile.ids], ties.lot), budget) if ballots.total else None
    bought = [profile.ids[project] for project in run.bought] if run else []
    purse = Purse(costs, budget - (run.spent if run else 0), Caps(), ties)
    rounds = list(_trace(run, profile.ids, costs, budget, ties)) if run else []
    if run:
        purse.spend([others for tied in ranking if (others := [name for name in tied if name not in bought])])
    rounds += [
        step_data(number, step, votes, "completion") | _purses_of(run, profile.ids.index(step.candidate))
        for number, step in enumerate(purse.steps, start=len(rounds) + 1)
        if run
    ]
    return Count(
        method=METHOD,
        winners=(*bought, *purse.taken),
        ranking=ranking,
        scores=texts(votes),
        rounds=rounds,
        ties=ties.all,
        ballots=ballots.total,
        invalid=profile.read - ballots.total,
    )


def market_of(ballots: Ballots, costs: Sequence[Fraction], lot: Lot) -> Market:
    marks = ballots.values > 0
    votes = sums(ballots)
    drawn = {name: place for place, name in enumerate(lot.ordered(lot.ids))}
    order = sorted(range(len(costs)), key=lambda place: (costs[place], -votes[place], drawn[lot.ids[place]]))
    places = {project: place for place, project in enumerate(order)}
    groups, projects = np.nonzero(marks.T)
    bounds = np.searchsorted(groups, np.arange(1, marks.shape[1]))
    return Market(
        supporters=[np.flatnonzero(row) for row in marks],
        ballots=np.split(projects, bounds),
        voters=ballots.weights,
        votes=votes,
        costs=costs,
        tie_order=[places[project] for project in range(len(costs))],
    )


def buy(market: Market, budget: Fraction) -> Run:
    """Steps 1 and 2: the last run within the budget."""
    run = Run(market, budget / market.total).buy_all()
    same, patience = 0, PATIENCE
    while not _exhaustive(run, budget):
        richer = Run(market, run.each + 1).buy_all()
        if richer.spent > budget:
            break
        same = same + 1 if richer.bought == run.bought else 0
        run = richer
        if same >= patience:
            room = headroom(run)
            same, patience = 0, PATIENCE if room > patience else 2 * patience
            run = Run(market, run.each + room).buy_all() if room else run
    return run


def _exhaustive(run: Run, budget: Fraction) -> bool:
    left, bought = budget - run.spent, set(run.bought)
    market = run.market
    return not any(
        votes and project not in bought and market.costs[project] <= left for project, votes in enumerate(market.votes)
    )


def _trace(
    run: Run, ids: Sequence[str], costs: Mapping[str, Fraction], budget: Fraction, ties: Ties
) -> Iterator[dict[str, Any]]:
    """Each purchase. Payments to six decimals, for the eye."""
    left = budget
    for number, purchase in enumerate(run.purchases, start=1):
        name, tied = ids[purchase.project], [ids[project] for project in purchase.tied]
        left -= costs[name]
        if len(tied) > 1:
            _note(tied, run, ids, ties, number)
        yield {
            "round": number,
            "act": "equal_shares",
            "candidate": name,
            "votes": run.market.votes[purchase.project],
            "cost": exact_text(costs[name]),
            "taken": True,
            "because": "taken",
            "left": exact_text(left),
            "each_had": exact_text(run.each),
            "full_payment": f"{purchase.pay:.6f}",
            "full_payers": purchase.others,
            "effective_votes": f"{1 / purchase.rate:.6f}" if purchase.rate else "0",
        }


def _purses_of(run: Run, project: int) -> dict[str, str]:
    """What the supporters of a project that was not bought had left together after the last purchase."""
    groups = run.market.supporters[project]
    had = float(run.money[groups] @ run.market.voters[groups])
    return {"each_had": exact_text(run.each), "supporters_had": f"{had:.6f}"}


def _note(tied: Sequence[str], run: Run, ids: Sequence[str], ties: Ties, number: int) -> None:
    """By rule where cost or votes tell the first from the second, else by lot."""
    market = run.market
    one, other = (ids.index(name) for name in tied[:2])
    same = (market.costs[one], market.votes[one]) == (market.costs[other], market.votes[other])
    ties.note("purchase", tied, tied[:1], ties.lot.by if same else Settled.RULE, number)
