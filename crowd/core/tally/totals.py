"""Adding up: the counting that approval, score and their kin share."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from crowd.core.tally.count import Count, Lot, Round, Terms, Ties, elect, rank_by, texts
from crowd.core.tally.profile import Ballots, Profile

Points = list[tuple[int, ...]]


def points_given(ballots: Ballots, highest: int) -> Points:
    """Per candidate, how many ballots give 1, 2 … `highest` (at place 0: how many give 0)."""
    total, single = ballots.total, ballots.single
    given = []
    for row in ballots.values:
        above = [
            int(np.count_nonzero(row == score)) if single else int(ballots.weights[row == score].sum())
            for score in range(1, highest + 1)
        ]
        given.append((total - sum(above), *above))
    return given


def sums(ballots: Ballots) -> list[int]:
    """Per candidate, the sum of what all ballots give."""
    return [int(np.dot(row.astype(np.int64), ballots.weights)) for row in ballots.values]


def seats_of(profile: Profile, terms: Terms) -> int:
    """How many are to be elected: as asked for, else as the file says, else one."""
    return terms.seats or profile.seats or 1


def by_totals(
    method: str,
    profile: Profile,
    terms: Terms,
    ballots: Ballots,
    totals: dict[str, int] | dict[str, Fraction],
    rounds: Sequence[Round],
) -> Count:
    """Most first; the seats go to the first."""
    ties = Ties(Lot(profile.ids, terms.seed))
    ranking = rank_by(profile.ids, totals.__getitem__)
    return Count(
        method=method,
        winners=elect(ranking, seats_of(profile, terms) if ballots.total else 0, ties),
        ranking=ranking,
        scores=texts(totals),
        rounds=rounds,
        ties=ties.all,
        ballots=ballots.total,
        invalid=profile.read - ballots.total,
    )
