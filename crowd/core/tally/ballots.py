"""What is wrong with a ballot (`choices.check` finds it when it is cast, `collecting` once more when it is counted)."""

from dataclasses import dataclass

HIGHEST_SCORE = 5


@dataclass(frozen=True)
class BallotFault:
    """What is wrong with a ballot.

    Codes: `unknown_candidate` · `too_many_choices`, `too_many_points`, `over_budget` (value: how many, limit: how many may) ·
    `mark_…`, `score_…`, `place_…`, `grade_…`, `points_out_of_range` (value: the number, limit: the highest) · `place_shared` (value:
    the place) · `pair_with_itself`, `pair_twice`.
    """

    code: str
    candidate: str | None = None
    value: int | None = None
    limit: int | None = None


class InvalidBallot(ValueError):
    """A ballot that may not be cast; `faults` says all that is wrong with it."""

    def __init__(self, faults: tuple[BallotFault, ...]) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = faults
