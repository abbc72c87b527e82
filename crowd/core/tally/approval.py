"""Approval: each ballot supports any number of candidates; a candidate's total is the number of ballots supporting it.

Brams and Fishburn, "Approval Voting", American Political Science Review 72 (1978). With several seats the candidates with most
votes win. The rule settles no ties. From other ballots than marks: see `suited`.
"""

from collections.abc import Collection, Iterable

from crowd.core.rules import VotingMethod
from crowd.core.tally.ballots import approval_faults
from crowd.core.tally.count import Count, Terms
from crowd.core.tally.profile import Candidate, Gathering, Kind, Profile
from crowd.core.tally.result import Tally
from crowd.core.tally.suited import marks_of, suited
from crowd.core.tally.totals import by_totals, points_given, tally_of_points

METHOD = "approval"


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
    gathering = Gathering([Candidate(name) for name in sorted(frozenset(candidates))])
    places = gathering.places
    for marks in ballots:
        if approval_faults(marks, places, max_choices):
            gathering.invalid += 1
        else:
            gathering.add(Kind.APPROVE, map(places.__getitem__, marks))
    profile = Profile(gathering.candidates, gathering.ballots(), gathering.invalid)
    points = points_given(suited(profile, METHOD, (Kind.APPROVE,)), 1)
    return tally_of_points(VotingMethod.APPROVAL, profile.ids, points, profile.invalid, tuple(without))


def approval(profile: Profile, terms: Terms) -> Count:
    ballots = marks_of(profile, METHOD)
    votes = {name: given[1] for name, given in zip(profile.ids, points_given(ballots, 1), strict=True)}
    return by_totals(METHOD, profile, terms, ballots, votes, [{"round": 1, "votes": votes}])
