"""Which of a vote's rules mean something under which method."""

from collections.abc import Mapping
from types import MappingProxyType

from crowd.core.rules.values import BudgetRule, Round, VotingMethod

BUDGET_METHODS = frozenset({VotingMethod.PB_GREEDY, VotingMethod.EQUAL_SHARES})
"""They spend a budget instead of filling seats."""
POINT_METHODS = frozenset({VotingMethod.CUMULATIVE, VotingMethod.QUADRATIC})
_METHODS = frozenset(VotingMethod)
_LIMITED = BUDGET_METHODS | {
    VotingMethod.APPROVAL,
    VotingMethod.SCORE,
    VotingMethod.STAR,
    VotingMethod.IRV,
    VotingMethod.STV,
    VotingMethod.SCHULZE,
}

USED_BY: Mapping[str, frozenset[VotingMethod]] = MappingProxyType(
    {
        "max_choices": _LIMITED,
        "points": POINT_METHODS,
        "grades": frozenset({VotingMethod.MAJORITY_JUDGMENT}),
        "budget": BUDGET_METHODS,
        "budget_rule": frozenset({VotingMethod.PB_GREEDY}),
        "seats": _METHODS - BUDGET_METHODS,
        "quorum": _METHODS,
        "threshold": _METHODS - {VotingMethod.BRADLEY_TERRY},
        "ideas": frozenset({VotingMethod.BRADLEY_TERRY}),
        "member_percent": _METHODS - BUDGET_METHODS - {VotingMethod.STV, VotingMethod.BRADLEY_TERRY},
    }
)
"""Name of a rule → the methods that have a use for it.

A comparison of two names both, so no share of the ballots names the winner; and single papers passed on, money shared out and strengths
estimated have no place for weights by group of voters. Only comparisons are fair to a proposal that comes while the vote runs: what counts
is how it does in those it is in (a wiki survey: Salganik and Levy, PLOS ONE 10(5), 2015).
"""
UNSET: Mapping[str, object] = MappingProxyType({"grades": (), "budget_rule": BudgetRule.GREEDY, "ideas": False})
"""What such a rule is when it says nothing, where that is not None."""


def useless(round_: Round) -> tuple[str, ...]:
    """The rules of a vote that say something its method has no use for."""
    return tuple(
        name
        for name, methods in USED_BY.items()
        if round_.method not in methods and getattr(round_, name) != UNSET.get(name)
    )
