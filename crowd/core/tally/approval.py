"""Approval: each ballot supports any number of candidates; a candidate's total is the number of ballots supporting it.

Brams and Fishburn, "Approval Voting", American Political Science Review 72 (1978). With several seats the candidates with most
votes win. The rule settles no ties. From other ballots than marks: see `suited`.
"""

from crowd.core.tally.count import Count, Terms
from crowd.core.tally.profile import Profile
from crowd.core.tally.suited import marks_of
from crowd.core.tally.totals import by_totals, points_given

METHOD = "approval"


def approval(profile: Profile, terms: Terms) -> Count:
    ballots = marks_of(profile, METHOD)
    votes = {name: given[1] for name, given in zip(profile.ids, points_given(ballots, 1), strict=True)}
    return by_totals(METHOD, profile, terms, ballots, votes, [{"round": 1, "votes": votes}])
