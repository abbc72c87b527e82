"""Schulze: a candidate wins who, to every other, has a path of victories at least as strong as any path back.

M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner election method",
Social Choice and Welfare 36 (2011), with the strength of a victory measured in winning votes: d[a, b] where d[a, b] > d[b, a], else none.
A path is as strong as its weakest victory. Candidates that a ballot does not rank stand equal behind those it ranks.

Ties stay ties: a tier of `ranking` holds those whom nobody outside the tiers above beats. Schulze's further tie-breaking by random
ballots is not used; with several seats they are filled tier by tier. `scores` is how many others a candidate beats.
Scores, points and grades are read as rankings with ties.
"""

import numpy as np
from numpy.typing import NDArray

from crowd.core.tally.count import Count, Lot, Ranking, Terms, Ties, elect, texts
from crowd.core.tally.pairwise import named, preferences
from crowd.core.tally.profile import Kind, Profile
from crowd.core.tally.suited import places_of, suited
from crowd.core.tally.totals import seats_of

METHOD = "schulze"
KINDS = (Kind.RANK, Kind.SCORE, Kind.POINTS, Kind.GRADE)


def schulze(profile: Profile, terms: Terms) -> Count:
    ballots = suited(profile, METHOD, KINDS)
    matrix = preferences(places_of(ballots), ballots.weights)
    paths = strongest_paths(matrix)
    beats = paths > paths.T
    ties = Ties(Lot(profile.ids, terms.seed))
    ranking = _tiers(beats, profile.ids)
    return Count(
        method=METHOD,
        winners=elect(ranking, seats_of(profile, terms) if ballots.total else 0, ties),
        ranking=ranking,
        scores=texts({name: int(row.sum()) for name, row in zip(profile.ids, beats, strict=True)}),
        rounds=[
            {
                "round": 1,
                "preferences": named(matrix, profile.ids),
                "strongest_paths": named(paths.tolist(), profile.ids),
            }
        ],
        ties=ties.all,
        ballots=ballots.total,
        invalid=profile.read - ballots.total,
    )


def strongest_paths(matrix: list[list[int]]) -> NDArray[np.int64]:
    """`[a, b]`: the strength in votes of the strongest path of victories from a to b, 0 where there is none."""
    wins = np.array(matrix, dtype=np.int64).reshape(len(matrix), len(matrix))
    paths: NDArray[np.int64] = np.where(wins > wins.T, wins, 0)
    for through in range(len(paths)):
        np.maximum(paths, np.minimum(paths[:, through, None], paths[through]), out=paths)
    np.fill_diagonal(paths, 0)
    return paths


def _tiers(beats: NDArray[np.bool_], ids: tuple[str, ...]) -> Ranking:
    """Whoever no remaining candidate beats comes next. The relation is transitive, so somebody always remains unbeaten."""
    left = list(range(len(ids)))
    tiers = []
    while left:
        beaten = np.logical_or.reduce(beats[np.ix_(left, left)], axis=0).tolist()
        tiers.append(tuple(ids[place] for place, lost in zip(left, beaten, strict=True) if not lost))
        left = [place for place, lost in zip(left, beaten, strict=True) if lost]
    return tuple(tiers)
