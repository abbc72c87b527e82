"""The ballots of a Pabulib file as those of a round: what they say, and by which method they are counted.

- Rankings, one project a place, are counted by Schulze.
- Points are whole numbers and are added up (cumulative). Where all are 0 or 1 they are marks.
- Marks are counted as approval; those of a knapsack, a basket within a budget, by the budget rule, where that is the file's own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crowd.core.bundle import canonical_line
from crowd.core.pabulib import Election, PabError, Vote
from crowd.core.pabulib.election import POINTED, RANKED
from crowd.core.rules import VotingMethod
from crowd.core.tally.choices import KIND_OF
from crowd.core.tally.profile import MOST_POINTS, Kind

GREEDY = "greedy"
KNAPSACK = "max_sum_cost"
ALLOWANCE = "max_sum_points"


@dataclass(frozen=True)
class BallotForm:
    """`points`: what a ballot may give, where ballots give points."""

    method: VotingMethod = VotingMethod.APPROVAL
    points: int | None = None

    @property
    def kind(self) -> Kind:
        return KIND_OF[self.method]


@dataclass(frozen=True)
class Ballots:
    votes: Sequence[Vote]
    form: BallotForm


def form_of(election: Election, votes: Sequence[Vote]) -> BallotForm:
    """PabError for points that cannot be kept."""
    if election.kind == RANKED:
        return BallotForm(VotingMethod.SCHULZE)
    if election.kind in POINTED and any(point not in {0, 1} for vote in votes for point in vote.points):
        _check_points(votes)
        most = max(int(sum(vote.points)) for vote in votes)
        return BallotForm(VotingMethod.CUMULATIVE, max(most, election.stated(ALLOWANCE) or 1))
    return BallotForm(VotingMethod.PB_GREEDY if _fills_baskets(election) else VotingMethod.APPROVAL)


def follows_rule(election: Election, form: BallotForm) -> bool:
    """Outcomes are computed only by the rule that the file names, never by one that is merely likely.

    What `greedy` makes of rankings is not said anywhere, so it is not followed there.
    """
    return election.rule == GREEDY and int(election.budget) > 0 and form.kind is not Kind.RANK


def ballot_text(vote: Vote, form: BallotForm, keys: Mapping[str, str]) -> str:
    """The ballot as it is kept. `keys`: project id → public id."""
    return canonical_line({form.kind.value: _said(vote, form, keys)}).decode()


def beyond_allowance(election: Election, ballots: Ballots) -> list[str]:
    stated = election.stated(ALLOWANCE)
    if ballots.form.kind is not Kind.POINTS or stated is None:
        return []
    return [
        f"line {vote.line}: {int(sum(vote.points))} points are given, {ALLOWANCE} is {stated}; the ballot is kept"
        for vote in ballots.votes
        if sum(vote.points) > stated
    ]


def _said(vote: Vote, form: BallotForm, keys: Mapping[str, str]) -> Any:
    if form.kind is Kind.RANK:
        return [[keys[mark]] for mark in vote.marks]
    if not vote.points:
        return sorted(keys[mark] for mark in vote.marks)
    given = {keys[mark]: int(point) for mark, point in zip(vote.marks, vote.points, strict=True) if point}
    return given if form.kind is Kind.POINTS else sorted(given)


def _check_points(votes: Iterable[Vote]) -> None:
    for vote in votes:
        for point in vote.points:
            if point.denominator != 1:
                raise PabError("points", f"points must be whole numbers to be counted, not {float(point):g}", vote.line)
            if point > MOST_POINTS:
                raise PabError("points", f"more than {MOST_POINTS:,} points cannot be kept", vote.line)


def _fills_baskets(election: Election) -> bool:
    """Whether a round can count by the file's rule itself: a round knows no bounds per part of town and keeps whole amounts."""
    whole = all(amount.denominator == 1 for amount in (election.budget, *election.costs.values()))
    return (
        KNAPSACK in election.meta and election.rule == GREEDY and whole and election.budget > 0 and not election.bounds
    )
