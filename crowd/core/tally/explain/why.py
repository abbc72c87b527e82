"""Why one and not the other: what the round asks beyond the count, what the count says, and what settled a tie."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from crowd.core.tally.explain import duels, estimates, grades, money, star, summed, transfers
from crowd.core.tally.explain.counted import Counted
from crowd.core.tally.explain.said import Relation, Said, Why

Compare = Callable[[Counted, str, str], Said]

COMPARE: Mapping[str, Compare] = {
    "approval": summed.votes,
    "score": summed.points,
    "star": star.runoff,
    "irv": transfers.instant_runoff,
    "stv-scottish": transfers.transferable,
    "schulze": duels.schulze,
    "majority-judgment": grades.majority,
    "cumulative": summed.given,
    "quadratic": summed.given,
    "pb-greedy": money.greedy,
    "pb-equal-shares": money.equal_shares,
    "bradley-terry": estimates.compared,
}
BY_EXCLUSION = frozenset({"elimination", "exclusion"})
"""Ties in which the chosen one goes out."""
OF_NO_PAIR = frozenset({"surplus"})


def why(counted: Counted, one: str, other: str) -> Why:
    """The same for (one, other) and (other, one). KeyError for a candidate that the count ran without."""
    ahead, behind = sorted((one, other), key=counted.order.index)
    elected = (ahead in counted.elected) + (behind in counted.elected)
    relation = (Relation.NEITHER, Relation.ELECTED_OVER, Relation.BOTH)[elected]
    return Why(ahead, behind, relation, tuple(_said(counted, ahead, behind)))


def first_pair(counted: Counted) -> tuple[str, str] | None:
    """The last elected and the first who is not; with nobody elected, or nobody left out, the first two."""
    order, elected = counted.order, len(counted.elected)
    if len(order) < 2:
        return None
    if not 0 < elected < len(order):
        return order[0], order[1]
    return order[elected - 1], order[elected]


def _said(counted: Counted, ahead: str, behind: str) -> Iterator[Said]:
    if not counted.ballots:
        yield Said("no_ballots")
        return
    if not counted.quorum_met:
        yield Said("quorum", values={"ballots": counted.ballots, "least": counted.round.quorum or 0})
    for name in (ahead, behind):
        if counted.short_of_threshold(name):
            yield Said("threshold", name, values=_threshold(counted, name))
    first, second = sorted((ahead, behind), key=lambda name: (counted.place_in_count(name), counted.order.index(name)))
    said = COMPARE[counted.method](counted, first, second)
    yield said
    settled = _settled(counted, said)
    if settled:
        yield settled
    elif counted.place_in_count(first) == counted.place_in_count(second):
        yield Said("level", first, second)


def _threshold(counted: Counted, name: str) -> dict[str, Fraction]:
    return {
        "named": counted.named[name],
        "all": counted.all_votes,
        "least": Fraction(counted.round.threshold or 0),
    }


def _settled(counted: Counted, said: Said) -> Said | None:
    """The tie between these two that was settled for the first of them."""
    at = said.values.get("tie_at", said.values.get("round"))
    for tie in counted.ties:
        if tie["for"] in OF_NO_PAIR or tie["round"] not in {None, at}:
            continue
        lucky, other = (said.second, said.first) if tie["for"] in BY_EXCLUSION else (said.first, said.second)
        both = {said.first, said.second} <= set(tie["candidates"])
        if both and lucky in tie["chosen"] and other not in tie["chosen"]:
            return Said("settled", said.first, said.second, {"by": tie["by"], "of": tie["for"], "round": tie["round"]})
    return None
