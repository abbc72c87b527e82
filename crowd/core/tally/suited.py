"""Which ballots a method counts, and what it makes of a file of another kind.

A method names the kinds it can read, its own first. Of a profile it takes the ballots of the first kind that is there; ballots of
other kinds beside them are invalid. Where there is none it can read, the count is refused (`Unsuited`, one line of words):
points out of marks, or one winner out of scores for nobody in particular, would be an answer to a question nobody was asked.

As marks (approval, participatory budgeting): a ranking marks whom it ranks, scores and points mark those given more than 0, grades
mark those given the best one. Rankings of all candidates by all voters are refused: as marks they say nothing.
"""

from collections.abc import Sequence

import numpy as np

from crowd.core.tally.profile import Ballots, Kind, Numbers, Profile, on_all_rows, unranked

IN_WORDS = {
    Kind.APPROVE: "marks",
    Kind.RANK: "rankings",
    Kind.SCORE: "scores",
    Kind.POINTS: "points",
    Kind.GRADE: "grades",
    Kind.PAIR: "comparisons of two",
}
MARKABLE = (Kind.APPROVE, Kind.RANK, Kind.SCORE, Kind.POINTS, Kind.GRADE)


class Unsuited(ValueError):
    """The method cannot count this profile, or not on these terms; one line of words."""


def suited(profile: Profile, method: str, kinds: Sequence[Kind]) -> Ballots:
    """The ballots of the first of `kinds` that the profile holds. Unsuited where it holds only others."""
    for kind in kinds:
        if kind in profile.ballots:
            return profile.ballots[kind]
    if profile.ballots:
        found = " and ".join(IN_WORDS[kind] for kind in sorted(profile.ballots))
        needed = " or ".join(IN_WORDS[kind] for kind in kinds)
        raise Unsuited(f"{method} needs {needed}, and the ballots are {found}")
    empty = np.zeros((2 if kinds[0] is Kind.PAIR else len(profile.candidates), 0), dtype=np.int8)
    return Ballots(kinds[0], empty, np.zeros(0, dtype=np.int64))


def marks_of(profile: Profile, method: str, kinds: Sequence[Kind] = MARKABLE) -> Ballots:
    """The ballots as marks, 1 or 0."""
    ballots = suited(profile, method, kinds)
    if ballots.kind is Kind.APPROVE:
        return ballots
    if ballots.kind is Kind.RANK:
        marked = ballots.values != unranked(ballots.values)
        if ballots.total and marked.all() and len(profile.candidates) > 1:
            raise Unsuited(f"{method} needs marks, and every ballot ranks every candidate")
    elif ballots.kind is Kind.GRADE:
        marked = ballots.values == 0
    else:
        marked = ballots.values > 0
    return Ballots(Kind.APPROVE, marked.astype(np.int8), ballots.weights)


def places_of(ballots: Ballots) -> Numbers:
    """Per candidate and group a number that is smaller the better the candidate stands there; equal means no preference."""
    return -ballots.values if ballots.kind in {Kind.SCORE, Kind.POINTS} else ballots.values


def within(ballots: Ballots, lowest: int, highest: int) -> Ballots:
    """Without the ballots that hold a number outside these bounds."""
    values = ballots.values
    if not values.size or (values.min() >= lowest and values.max() <= highest):
        return ballots
    return ballots.only(on_all_rows((values >= lowest) & (values <= highest)))
