"""“Show me an example”: a small count of each method, told in sentences. The numbers are counted in the tests."""

from typing import Any

from crowd.core.rules import BudgetRule, Round, VotingMethod
from crowd.web.text import _l

BUDGET_VOTES = _l(
    "The budget is 100. The pond costs 70 and has 9 votes, the bench costs 50 and has 8, the swing costs 30 and has 5."
)
NO_SKIP = (
    BUDGET_VOTES,
    _l(
        "The pond comes first: 30 are left. The bench no longer fits, and there the count stops: the swing gets nothing."
    ),
)
EXAMPLES: dict[VotingMethod, tuple[Any, ...]] = {
    VotingMethod.APPROVAL: (
        _l("Three people vote. Ana supports the bench and the pond, Bo the pond alone, Chi the pond and the swing."),
        _l(
            "Pond 3, bench 1, swing 1. The pond wins. Supporting a second proposal never takes anything from the first."
        ),
    ),
    VotingMethod.SCORE: (
        _l("Ana gives the bench 5 and the pond 4. Bo gives the pond 3. Chi gives the bench 1 and the pond 2."),
        _l("Pond 4 + 3 + 2 = 9, bench 5 + 0 + 1 = 6. The pond wins."),
    ),
    VotingMethod.STAR: (
        _l(
            "Ana gives the bench 5 and the pond 4. Bo gives the bench 5 and the pond 0. Chi, Dov and Eva give the pond 5 and the bench 4."
        ),
        _l("Bench 5 + 5 + 4 + 4 + 4 = 22, pond 4 + 0 + 5 + 5 + 5 = 19: both go to the runoff."),
        _l("There each ballot counts once: two prefer the bench, three the pond. The pond wins."),
    ),
    VotingMethod.IRV: (
        _l("Nine ballots: four put the bench first, three the pond, two the swing and after it the pond."),
        _l("Nobody has more than half. The swing has fewest and goes out; its two ballots move on to the pond."),
        _l("Pond 5, bench 4: the pond has more than half and wins."),
    ),
    VotingMethod.STV: (
        _l(
            "Two places, nine ballots: the quota is 9 ÷ 3 + 1 = 4. Six put the bench first and the pond second, three put the swing first."
        ),
        _l(
            "The bench has 6 and is elected. The 2 beyond the quota move on to the pond: each of the six ballots counts there as one third."
        ),
        _l("Swing 3, pond 2: the pond goes out, and the swing takes the second place. Both groups have somebody."),
    ),
    VotingMethod.SCHULZE: (
        _l("Five ballots: two rank bench, pond, swing; two rank swing, pond, bench; one ranks pond, swing, bench."),
        _l("In pairs: the pond comes before the bench on 3 of 5 ballots, and before the swing on 3 of 5."),
        _l(
            "The pond beats both and wins, though only one ballot puts it first. Where three beat each other in a circle, the weakest of these wins gives way."
        ),
    ),
    VotingMethod.MAJORITY_JUDGMENT: (
        _l("Five people grade the pond: excellent, very good, good, good, poor. In this order the middle one is good."),
        _l("The bench gets excellent, excellent, acceptable, poor, poor: its middle grade is acceptable."),
        _l("The pond wins, since at least half of the voters find it good or better. One extreme grade moves nothing."),
    ),
    VotingMethod.CUMULATIVE: (
        _l(
            "Each has 10 dots. Ana puts 10 on the bench, Bo 6 on the pond and 4 on the swing, Chi 5 on the pond and 5 on the swing."
        ),
        _l("Pond 11, bench 10, swing 9. The pond wins."),
    ),
    VotingMethod.QUADRATIC: (
        _l(
            "Each has 16 credits. Ana buys 4 votes for the bench (4 × 4 = 16). Bo and Chi buy 3 votes for the pond each (9) and 2 for the swing (4)."
        ),
        _l(
            "Pond 6, bench 4, swing 4. The pond wins: two who care count for more than one who puts everything on one card."
        ),
    ),
    VotingMethod.PB_GREEDY: (
        BUDGET_VOTES,
        _l("The pond comes first: 30 are left. The bench no longer fits. The swing does, and is paid for too."),
    ),
    VotingMethod.EQUAL_SHARES: (
        _l(
            "The budget is 90, and nine people vote: each decides over 10. Six support the pond and the fountain, 45 each; three support the swing, 30."
        ),
        _l(
            "The six pay 7.5 each for the pond and cannot pay for the fountain as well. The three pay 10 each for the swing."
        ),
        _l(
            "By votes alone pond and fountain would take everything. Here each group gets what its part of the money buys."
        ),
    ),
    VotingMethod.BRADLEY_TERRY: (
        _l("The pond was preferred to the bench in 80 of 100 comparisons, the bench to the swing in 70 of 100."),
        _l("Though pond and swing never met, the pond is estimated as the strongest, then the bench, then the swing."),
        _l("Where there are too few comparisons to be sure, two are called tied."),
    ),
}


def example_of(round_: Round) -> tuple[Any, ...]:
    if round_.budget_rule is BudgetRule.NO_SKIP:
        return NO_SKIP
    return EXAMPLES[round_.method]
