"""Scores: each ballot gives any candidate 0 to 5 points, a blank being 0; a candidate's total is the sum of its points.

Range voting, W. D. Smith, "Range Voting" (2000), with the sum as in STAR. The rule settles no ties. A score outside 0 to 5, or one that
is no whole number, makes the ballot invalid.
"""

from collections.abc import Collection, Iterable, Mapping

from crowd.core.rules import VotingMethod
from crowd.core.tally.ballots import HIGHEST_SCORE, score_faults
from crowd.core.tally.count import Count, Terms
from crowd.core.tally.profile import Candidate, Gathering, Kind, Profile
from crowd.core.tally.result import Tally, line_of
from crowd.core.tally.suited import suited, within
from crowd.core.tally.totals import by_totals, points_given, tally_of_points

METHOD = "score"


def count_score(
    ballots: Iterable[Mapping[str, int]],
    candidates: Collection[str],
    *,
    without: Collection[str] = (),
    max_choices: int | None = None,
) -> Tally:
    """Count ballots of scores over the frozen candidate list. `without` and invalid ballots as in `count_approval`."""
    gathering = Gathering([Candidate(name) for name in sorted(frozenset(candidates))])
    places = gathering.places
    for scores in ballots:
        if score_faults(scores, places, max_choices):
            gathering.invalid += 1
        else:
            gathering.add(Kind.SCORE, ((places[name], score) for name, score in scores.items() if score))
    profile = Profile(gathering.candidates, gathering.ballots(), gathering.invalid)
    points = points_given(suited(profile, METHOD, (Kind.SCORE,)), HIGHEST_SCORE)
    return tally_of_points(VotingMethod.SCORE, profile.ids, points, profile.invalid, tuple(without))


def score(profile: Profile, terms: Terms) -> Count:
    ballots = within(suited(profile, METHOD, (Kind.SCORE,)), 0, HIGHEST_SCORE)
    lines = {
        name: line_of(name, given)
        for name, given in zip(profile.ids, points_given(ballots, HIGHEST_SCORE), strict=True)
    }
    totals = {name: int(line.total) for name, line in lines.items()}
    given = {name: list(line.points) for name, line in lines.items()}
    return by_totals(
        METHOD, profile, terms, ballots, totals, [{"round": 1, "totals": totals, "ballots_by_score": given}]
    )
