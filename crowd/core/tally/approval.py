"""Approval: each ballot supports any number of candidates; a candidate's total is the number of ballots supporting it."""

from collections import Counter
from collections.abc import Collection, Iterable

from crowd.core.rules import VotingMethod
from crowd.core.tally.ballots import approval_faults
from crowd.core.tally.result import Tally, in_reading_order, line_of


def count_approval(
    ballots: Iterable[Collection[str]],
    candidates: Collection[str],
    *,
    without: Collection[str] = (),
    max_choices: int | None = None,
) -> Tally:
    """Count ballots of marks over the frozen candidate list.

    Candidates in `without` (withdrawn or disqualified during voting) get no line; their marks fall away and the ballot stays
    valid. A ballot that was not well formed over the frozen list counts as invalid and nowhere else.
    """
    listed = frozenset(candidates)
    votes: Counter[str] = Counter()
    valid = invalid = 0
    for marks in ballots:
        if approval_faults(marks, listed, max_choices):
            invalid += 1
            continue
        valid += 1
        votes.update(marks)
    running = listed.difference(without)
    lines = (line_of(candidate, {1: votes[candidate]}, valid, 1) for candidate in running)
    return Tally(
        VotingMethod.APPROVAL,
        in_reading_order(lines),
        valid,
        invalid,
        tuple(sorted(listed.intersection(without))),
    )
