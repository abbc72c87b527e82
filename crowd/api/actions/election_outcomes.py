"""What the file says of its result, and what its ballots give: outcomes by its rule, and a remark wherever the two differ."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from sqlalchemy.orm import Session

from crowd.api.actions.election_ballots import BallotForm, follows_rule
from crowd.core.pabulib import Election
from crowd.core.pabulib.election import NUMBER
from crowd.core.status import ProposalStatus
from crowd.core.tally.greedy import GreedyStep, count_greedy, order_by_votes
from crowd.core.tally.profile import Kind
from crowd.core.tally.result import Tally
from crowd.proposals.models import Proposal


def store_outcomes(
    session: Session, election: Election, proposals: Mapping[str, Proposal], form: BallotForm, totals: Mapping[str, int]
) -> None:
    """By the file's rule where it is greedy; equal totals in the order of the file. Else nobody is selected or not selected."""
    if not follows_rule(election, form):
        return
    order = order_by_votes(totals, list(proposals))
    result = count_greedy(order, election.costs, election.budget, election.caps())
    for step in result.steps:
        proposal = proposals[step.candidate]
        proposal.status = ProposalStatus.SELECTED if step.taken else ProposalStatus.NOT_SELECTED
        proposal.outcome_reason = _reason(step, _amount(totals[step.candidate], form), election)
    session.flush()


def _amount(total: int, form: BallotForm) -> str:
    return f"{total:,} points" if form.kind is Kind.POINTS else f"{total:,} votes"


def _reason(step: GreedyStep, amount: str, election: Election) -> str:
    currency = election.meta.get("currency", "")
    cost, left = f"{whole(Fraction(step.cost)):,} {currency}".strip(), f"{int(step.left):,} {currency}".strip()
    if step.taken:
        return f"{amount}. Taken in its turn: its cost of {cost} fitted, and {left} were left after it."
    if step.code == "cap":
        part = (election.bounds or "").removeprefix("budget_per_")
        return f"{amount}. Passed over: its cost of {cost} did not fit the bound of its {part}."
    return f"{amount}. Passed over: it costs {cost}, and {left} were left when its turn came."


def totals_of(tally: Tally, proposals: Mapping[str, Proposal], form: BallotForm) -> dict[str, int]:
    """Project id → what the file's rule goes by: points, else on how many ballots it is named."""
    if form.kind is not Kind.POINTS:
        return named_in(tally, proposals)
    return {key: int(tally.totals.get(proposal.public_id, 0)) for key, proposal in proposals.items()}


def named_in(tally: Tally, proposals: Mapping[str, Proposal]) -> dict[str, int]:
    """Project id → on how many ballots it is marked, ranked or given points."""
    return {key: tally.votes.get(proposal.public_id, 0) for key, proposal in proposals.items()}


def disagreements(
    election: Election, proposals: Mapping[str, Proposal], form: BallotForm, tally: Tally
) -> Iterator[str]:
    """Where the file's own word on votes, points and winners is another than what its ballots give."""
    named, totals = named_in(tally, proposals), totals_of(tally, proposals, form)
    for project in election.projects:
        votes, stated = named[project.id], project.extra.get("score", "")
        if project.votes is not None and project.votes != votes:
            yield f"the file says {project.votes} votes for the project {project.id}, its ballots give {votes}"
        if form.kind is Kind.POINTS and NUMBER.fullmatch(stated) and Fraction(stated) != totals[project.id]:
            yield f"the file says {stated} points for the project {project.id}, its ballots give {totals[project.id]}"
    yield from _other_winners(election, proposals, form, tally.ranking)


def _other_winners(
    election: Election, proposals: Mapping[str, Proposal], form: BallotForm, ranking: Sequence[Sequence[str]]
) -> Iterator[str]:
    first = frozenset(ranking[0]) if form.kind is Kind.RANK and ranking else frozenset()
    decided = follows_rule(election, form)
    for project in election.projects:
        proposal = proposals[project.id]
        taken = proposal.status is ProposalStatus.SELECTED
        if decided and project.selected not in {None, taken}:
            official, found = ("selected", "not") if project.selected else ("not selected", "selected")
            yield f"the file says that the project {project.id} was {official}; by its rule and ballots it is {found}"
        if project.selected is False and proposal.public_id in first:
            yield f"the file says that the project {project.id} was not selected; counted by Schulze it comes first"


def whole(cost: Fraction) -> int:
    """In whole units of the currency, halves up."""
    return int(cost + Fraction(1, 2))


def rounded(election: Election) -> list[str]:
    return [
        f"the cost of the project {project.id} is kept in whole units: {whole(project.cost)}"
        for project in election.projects
        if project.cost.denominator != 1
    ]
