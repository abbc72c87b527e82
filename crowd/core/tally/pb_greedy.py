"""Participatory budgeting, greedy: most votes first, what fits is funded.

The rules of Pabulib (https://pabulib.org/format): `greedy` passes over what does not fit and goes on; `greedy-no-skip` stops at the first that does
not fit; `greedy-threshold` leaves out those with fewer votes than `min_project_score_threshold`, then goes on as `greedy`. By default the
file's own rule, `greedy` where it names none. Where a file bounds what a part of town may take, so does the count.

Votes are the ballots that mark a project; of points and scores their sum. The rules settle no ties of votes: where the money does not
reach for all of the tied, they come by the seed, else in the order of the file (as official results do, as far as can be seen).
`winners` in the order of funding. `ranking` and `scores` show votes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from crowd.core.exact import exact_text
from crowd.core.tally.count import Count, Lot, Terms, Ties, rank_by, texts
from crowd.core.tally.greedy import Caps, GreedyStep, Money, count_greedy
from crowd.core.tally.profile import Ballots, Kind, Profile, on_all_rows
from crowd.core.tally.suited import Unsuited, marks_of, suited
from crowd.core.tally.totals import sums

METHOD = "pb-greedy"
RULES = ("greedy", "greedy-no-skip", "greedy-threshold")
KINDS = (Kind.APPROVE, Kind.RANK, Kind.POINTS, Kind.SCORE)


@dataclass
class Purse:
    """Spends a budget on projects, group after group of equal votes."""

    costs: Mapping[str, Fraction]
    left: Money
    caps: Caps
    ties: Ties
    skip: bool = True
    steps: list[GreedyStep] = field(default_factory=list)

    def spend(self, ranking: Sequence[Sequence[str]]) -> None:
        for tied in ranking:
            self._note(tied)
            order = self.ties.lot.ordered(tied)
            result = count_greedy(order, self.costs, self.left, self.caps, skip=self.skip)
            self.left = result.left
            self.caps = self._caps_after(result.taken)
            self.steps += result.steps
            if not self.skip and any(not step.taken for step in result.steps):
                self.steps += [
                    GreedyStep(name, self.costs[name], taken=False, code="stopped", left=self.left)
                    for others in ranking[ranking.index(tied) + 1 :]
                    for name in self.ties.lot.ordered(others)
                ]
                return

    @property
    def taken(self) -> tuple[str, ...]:
        return tuple(step.candidate for step in self.steps if step.taken)

    def _caps_after(self, taken: Sequence[str]) -> Caps:
        limits = dict(self.caps.limits)
        for name in taken:
            part = self.caps.part_of.get(name, "")
            if part in limits:
                limits[part] -= self.costs[name]
        return Caps(limits, self.caps.part_of)

    def _note(self, tied: Sequence[str]) -> None:
        """A tie matters where those who each fit do not fit together (or, without skipping, where one of them does not fit)."""
        fitting = [name for name in tied if self._fit([name])]
        contenders = list(tied) if not self.skip and fitting else fitting
        if len(contenders) > 1 and not self._fit(contenders):
            order = self.ties.lot.ordered(contenders)
            taken = count_greedy(order, self.costs, self.left, self.caps, skip=self.skip).taken
            self.ties.note("money", contenders, taken, self.ties.lot.by)

    def _fit(self, names: Sequence[str]) -> bool:
        result = count_greedy(names, self.costs, self.left, self.caps)
        return len(result.taken) == len(names)


def pb_greedy(profile: Profile, terms: Terms) -> Count:
    rule, (budget, costs) = rule_of(profile, terms), money_of(profile, terms, METHOD)
    ballots, votes = votes_of(profile, METHOD)
    least = profile.threshold if rule == "greedy-threshold" and profile.threshold is not None else Fraction(0)
    ranking = rank_by(profile.ids, votes.__getitem__)
    passed = [reached for tied in ranking if (reached := [name for name in tied if votes[name] >= least])]
    purse = Purse(costs, budget, profile.caps, Ties(Lot(profile.ids, terms.seed)), skip=rule != "greedy-no-skip")
    purse.spend(passed if ballots.total else [])
    return Count(
        method=METHOD,
        winners=purse.taken,
        ranking=ranking,
        scores=texts(votes),
        rounds=[
            *(step_data(number, step, votes, rule) for number, step in enumerate(purse.steps, start=1)),
            *_below(purse, ranking, votes, least),
        ],
        ties=purse.ties.all,
        ballots=ballots.total,
        invalid=profile.read - ballots.total,
    )


def rule_of(profile: Profile, terms: Terms) -> str:
    rule = terms.rule or profile.rule or "greedy"
    if rule not in RULES:
        raise Unsuited(f"the file names the rule {rule}, which is none of {', '.join(RULES)}: choose one with --rule")
    if rule == "greedy-threshold" and profile.threshold is None:
        raise Unsuited("greedy-threshold needs a threshold, and the file states none (min_project_score_threshold)")
    return rule


def money_of(profile: Profile, terms: Terms, method: str) -> tuple[Fraction, dict[str, Fraction]]:
    """The budget and what each project costs. Unsuited where one is not known."""
    budget = profile.budget if terms.budget is None else terms.budget
    if budget is None:
        raise Unsuited(f"{method} needs a budget, and the file states none: give one with --budget")
    for candidate in profile.candidates:
        if candidate.cost is None:
            raise Unsuited(f"{method} needs costs, and the candidate {candidate.id} has none")
    return budget, {candidate.id: candidate.cost for candidate in profile.candidates if candidate.cost is not None}


def votes_of(profile: Profile, method: str) -> tuple[Ballots, dict[str, int]]:
    """How many ballots mark each project; of points and scores their sum."""
    ballots = suited(profile, method, KINDS)
    if ballots.kind in {Kind.POINTS, Kind.SCORE}:
        ballots = ballots.only(on_all_rows(ballots.values >= 0))
    else:
        ballots = marks_of(profile, method)
    return ballots, dict(zip(profile.ids, sums(ballots), strict=True))


def step_data(number: int, step: GreedyStep, votes: Mapping[str, int], act: str) -> dict[str, Any]:
    return {
        "round": number,
        "act": act,
        "candidate": step.candidate,
        "votes": votes[step.candidate],
        "cost": exact_text(step.cost),
        "taken": step.taken,
        "because": step.code,
        "left": exact_text(step.left),
    }


def _below(
    purse: Purse, ranking: Sequence[Sequence[str]], votes: Mapping[str, int], least: Fraction
) -> list[dict[str, Any]]:
    """Those left out because too few voted for them."""
    names = [name for tied in ranking for name in tied if votes[name] < least]
    return [
        step_data(
            number, GreedyStep(name, purse.costs[name], taken=False, code="threshold", left=purse.left), votes, ""
        )
        for number, name in enumerate(names, start=len(purse.steps) + 1)
    ]
