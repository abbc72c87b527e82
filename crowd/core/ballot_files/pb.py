"""Pabulib as a profile: marks, rankings (`ordinal`), scores (`scoring`) or points (`cumulative`), with costs, budget and rule."""

from collections.abc import Iterable
from fractions import Fraction

from crowd.core.ballot_files.fault import FileFault, Reading
from crowd.core.pabulib import Election, PabError, Vote, read_election
from crowd.core.pabulib.election import read_number
from crowd.core.tally.profile import MOST_POINTS, Candidate, Gathering, Kind, Profile

KINDS = {"ordinal": Kind.RANK, "scoring": Kind.SCORE, "cumulative": Kind.POINTS}
THRESHOLD = "min_project_score_threshold"
ALLOWANCE = "max_sum_points"


def read_pb(lines: Iterable[bytes]) -> Reading:
    try:
        election = read_election(lines)
        candidates = [Candidate(project.id, project.name, project.cost) for project in election.projects]
        gathering = Gathering(candidates)
        kind = KINDS.get(election.kind, Kind.APPROVE)
        for vote in election.votes:
            _add(gathering, kind, vote)
        return Reading(_profile(gathering, election), tuple(str(notice) for notice in election.notices))
    except PabError as error:
        raise FileFault(str(error)) from error


def _add(gathering: Gathering, kind: Kind, vote: Vote) -> None:
    places = [gathering.places[mark] for mark in vote.marks]
    if kind is Kind.APPROVE:
        gathering.add(kind, places)
    elif kind is Kind.RANK:
        gathering.add(kind, ((place,) for place in places))
    elif any(point.denominator != 1 or point > MOST_POINTS for point in vote.points):
        gathering.invalid += 1
    else:
        gathering.add(kind, ((place, int(point)) for place, point in zip(places, vote.points, strict=True) if point))


def _profile(gathering: Gathering, election: Election) -> Profile:
    allowance = _stated(election, ALLOWANCE)
    return Profile(
        gathering.candidates,
        gathering.ballots(),
        gathering.invalid,
        budget=election.budget,
        rule=None if election.rule == "unknown" else election.rule,
        threshold=_stated(election, THRESHOLD),
        caps=election.caps(),
        allowance=None if allowance is None else int(allowance),
    )


def _stated(election: Election, key: str) -> Fraction | None:
    return read_number(election.meta[key], key, 0) if key in election.meta else None
