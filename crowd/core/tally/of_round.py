"""The count of a voting round as it is stored: from its rules, its list of candidates and its ballots."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from crowd.core.exact import exact
from crowd.core.rules import BUDGET_METHODS, BudgetRule, Round, VotingMethod
from crowd.core.tally.ballots import HIGHEST_SCORE
from crowd.core.tally.choices import grades_of, key_of
from crowd.core.tally.collecting import Collected, Collector
from crowd.core.tally.declared import Declared, Listed, Outcome, named_on, outcome, profile_of
from crowd.core.tally.profile import Kind
from crowd.core.tally.result import Line, Tally, Text, in_reading_order
from crowd.core.tally.totals import points_given
from crowd.core.tally.undecided import Doubts

SUMMED = frozenset(
    {
        VotingMethod.APPROVAL,
        VotingMethod.SCORE,
        VotingMethod.CUMULATIVE,
        VotingMethod.QUADRATIC,
        VotingMethod.PB_GREEDY,
    }
)
"""Their scores are what candidates are ranked by; of the others, what counts is the ranking."""
MARKED = {Kind.APPROVE: 1, Kind.SCORE: HIGHEST_SCORE}


def declared_of(round_: Round) -> Declared:
    """What the rules of a round declare about its count. Unsuited where they do not go together."""
    greedy = round_.method is VotingMethod.PB_GREEDY
    return Declared(
        method=round_.method.value,
        seats=None if round_.method in BUDGET_METHODS else round_.seats,
        budget=Fraction(round_.budget or 0) if round_.method in BUDGET_METHODS else None,
        rule=(BudgetRule.NO_SKIP if round_.budget_rule is BudgetRule.NO_SKIP else BudgetRule.GREEDY).value
        if greedy
        else None,
        allowance=round_.points,
        max_choices=round_.max_choices,
        grades=grades_of(round_),
        quorum=round_.quorum,
        threshold=None if round_.threshold is None else Fraction(round_.threshold),
        member_percent=round_.member_percent,
    )


def collect(
    declared: Declared, candidates: Sequence[Listed], ballots: Iterable[Text], excluded: Collection[str] = ()
) -> Collected:
    collector, kind = Collector(declared.bounds(candidates)), key_of(declared.kind)
    for key, text, member in ballots:
        collector.add(json.loads(text)[kind], member=bool(member), excluded=key in excluded)
    return collector.collected()


def tally_round(
    round_: Round,
    candidates: Sequence[Listed],
    ballots: Iterable[Text],
    *,
    seed: bytes | None,
    excluded: Mapping[str, Any] | Collection[str] = (),
) -> Tally:
    """Count a round by its rules. `excluded`: keys of ballots that do not count; both counts are in the trace then."""
    declared = declared_of(round_)
    doubts = Doubts(excluded)
    watched = doubts.heard(ballots) if declared.kind is Kind.PAIR else ballots
    collected = collect(declared, candidates, watched, excluded)
    found = outcome(declared, candidates, collected, seed)
    trace = found.as_data()
    if excluded:
        trace["with_excluded"] = outcome(declared, candidates, collected, seed, with_excluded=True).as_data()
    kept = collected.kept(with_excluded=False)
    votes, _ = named_on(profile_of(declared, candidates, kept), kept, None)
    lines = _lines(round_, kept, found, votes)
    return Tally(
        method=round_.method,
        lines=in_reading_order(lines),
        ballots=found.ballots,
        invalid=kept.invalid,
        without=tuple(sorted(entry.id for entry in candidates if entry.struck)),
        groups=tuple(tuple(group) for group in found.count["ranking"]),
        trace=trace,
        undecided=doubts.told({entry.id for entry in candidates if not entry.struck}),
    )


def _lines(round_: Round, kept: Collected, found: Outcome, votes: Mapping[str, int]) -> list[Line]:
    plain = round_.member_percent is None and kept.kind in MARKED
    given = points_given(kept.ballots(), MARKED[kept.kind]) if plain else [()] * len(votes)
    totals = _totals(round_.method, found)
    return [
        Line(name, totals[name], number, points) for (name, number), points in zip(votes.items(), given, strict=True)
    ]


def _totals(method: VotingMethod, found: Outcome) -> dict[str, Fraction]:
    if method in SUMMED:
        return {name: exact(text) for name, text in found.count["scores"].items()}
    below = sum(len(group) for group in found.count["ranking"])
    totals: dict[str, Fraction] = {}
    for group in found.count["ranking"]:
        below -= len(group)
        totals |= dict.fromkeys(group, Fraction(below))
    return totals
