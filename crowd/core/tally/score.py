"""Scores: each ballot gives any candidate 0 to 5 points, a blank being 0; a candidate's total is the sum of its points.

Range voting, W. D. Smith, "Range Voting" (2000), with the sum as in STAR. The rule settles no ties. A score outside 0 to 5, or one that
is no whole number, makes the ballot invalid.
"""

from crowd.core.tally.ballots import HIGHEST_SCORE
from crowd.core.tally.count import Count, Terms
from crowd.core.tally.profile import Kind, Profile
from crowd.core.tally.result import line_of
from crowd.core.tally.suited import suited, within
from crowd.core.tally.totals import by_totals, points_given

METHOD = "score"


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
