"""Is this ballot well formed? Asked when it is cast, and again when it is counted."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

HIGHEST_SCORE = 5


@dataclass(frozen=True)
class BallotFault:
    """What is wrong with a ballot.

    Codes: `unknown_candidate`, `duplicate_choice`, `too_many_choices` (value: how many, limit: how many may),
    `score_out_of_range` (value: the score, limit: the highest).
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


def approval_faults(
    marks: Iterable[str], candidates: Collection[str], max_choices: int | None = None
) -> tuple[BallotFault, ...]:
    """All that is wrong with a ballot of marks. A blank ballot is well formed."""
    listed = list(marks)
    chosen = set(listed)
    found = [BallotFault("unknown_candidate", mark) for mark in sorted(chosen.difference(candidates))]
    if len(listed) != len(chosen):
        found += [BallotFault("duplicate_choice", mark) for mark, times in Counter(listed).items() if times > 1]
    if max_choices is not None and len(chosen) > max_choices:
        found.append(BallotFault("too_many_choices", value=len(chosen), limit=max_choices))
    return tuple(found)


def score_faults(
    scores: Mapping[str, int],
    candidates: Collection[str],
    max_choices: int | None = None,
) -> tuple[BallotFault, ...]:
    """All that is wrong with a ballot of scores. `max_choices` limits how many may be given more than 0."""
    found = [BallotFault("unknown_candidate", name) for name in sorted(set(scores).difference(candidates))]
    found += [
        BallotFault("score_out_of_range", name, score, HIGHEST_SCORE)
        for name, score in sorted(scores.items())
        if not 0 <= score <= HIGHEST_SCORE
    ]
    chosen = sum(score > 0 for score in scores.values())
    if max_choices is not None and chosen > max_choices:
        found.append(BallotFault("too_many_choices", value=chosen, limit=max_choices))
    return tuple(found)


def check_approval(marks: Iterable[str], candidates: Collection[str], max_choices: int | None = None) -> frozenset[str]:
    """The marks as a set; InvalidBallot when they are not well formed."""
    listed = tuple(marks)
    if faults := approval_faults(listed, candidates, max_choices):
        raise InvalidBallot(faults)
    return frozenset(listed)


def check_score(
    scores: Mapping[str, int],
    candidates: Collection[str],
    max_choices: int | None = None,
) -> dict[str, int]:
    """The scores above 0, since 0 and a blank say the same; InvalidBallot when they are not well formed."""
    if faults := score_faults(scores, candidates, max_choices):
        raise InvalidBallot(faults)
    return {name: score for name, score in scores.items() if score}
