"""The methods by name."""

from collections.abc import Callable, Mapping

from crowd.core.rules import BUDGET_METHODS, POINT_METHODS
from crowd.core.tally import (
    approval,
    bradley_terry,
    cumulative,
    equal_shares,
    irv,
    majority_judgment,
    pb_greedy,
    quadratic,
    schulze,
    score,
    star,
    stv_scottish,
)
from crowd.core.tally.count import Count, Terms
from crowd.core.tally.profile import Profile
from crowd.core.tally.suited import Unsuited

Method = Callable[[Profile, Terms], Count]

METHODS: Mapping[str, Method] = {
    approval.METHOD: approval.approval,
    score.METHOD: score.score,
    star.METHOD: star.star,
    irv.METHOD: irv.irv,
    stv_scottish.METHOD: stv_scottish.stv_scottish,
    schulze.METHOD: schulze.schulze,
    majority_judgment.METHOD: majority_judgment.majority_judgment,
    cumulative.METHOD: cumulative.cumulative,
    quadratic.METHOD: quadratic.quadratic,
    pb_greedy.METHOD: pb_greedy.pb_greedy,
    equal_shares.METHOD: equal_shares.pb_equal_shares,
    bradley_terry.METHOD: bradley_terry.bradley_terry,
}


def tally(profile: Profile, method: str, terms: Terms) -> Count:
    """Count. Unsuited where the method cannot count these ballots or has no use for what the terms ask."""
    if terms.seats is not None and method in BUDGET_METHODS:
        raise Unsuited(f"{method} fills a budget, not a number of seats")
    if terms.budget is not None and method not in BUDGET_METHODS | POINT_METHODS:
        raise Unsuited(f"{method} has no budget")
    if terms.rule is not None and method != pb_greedy.METHOD:
        raise Unsuited(f"--rule chooses among the rules of {pb_greedy.METHOD}; {method} has but one")
    return METHODS[method](profile, terms)
