"""Scores: each ballot gives any candidate 0 to 5 points, a blank being 0; a candidate's total is the sum of its points."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from crowd.core.rules import VotingMethod
from crowd.core.tally.ballots import HIGHEST_SCORE, score_faults
from crowd.core.tally.result import Tally, in_reading_order, line_of


def count_score(
    ballots: Iterable[Mapping[str, int]],
    candidates: Collection[str],
    *,
    without: Collection[str] = (),
    max_choices: int | None = None,
) -> Tally:
    """Count ballots of scores over the frozen candidate list. `without` and invalid ballots as in `count_approval`."""
    listed = frozenset(candidates)
    given: dict[str, Counter[int]] = {candidate: Counter() for candidate in listed}
    valid = invalid = 0
    for scores in ballots:
        if score_faults(scores, listed, max_choices):
            invalid += 1
            continue
        valid += 1
        for candidate, score in scores.items():
            given[candidate][score] += 1
    running = listed.difference(without)
    lines = (line_of(candidate, given[candidate], valid, HIGHEST_SCORE) for candidate in running)
    return Tally(
        VotingMethod.SCORE,
        in_reading_order(lines),
        valid,
        invalid,
        tuple(sorted(listed.intersection(without))),
    )
