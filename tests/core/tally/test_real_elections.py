"""Every real election at hand, against its official result or a plain recount."""

import os
from fractions import Fraction
from pathlib import Path

import pytest

from crowd.core.ballot_files import read_profile
from crowd.core.exact import exact
from crowd.core.pabulib import read_election
from crowd.core.tally.count import Terms
from crowd.core.tally.methods import tally
from crowd.core.tally.profile import Kind, Profile, unranked
from tests.core.tally import naive

ROOT = Path(__file__).parent.parent.parent.parent
NEAR = [folder / "shared" / "data" for folder in ROOT.parents]
DATA = Path(os.environ.get("TEST_DATA") or next((path for path in NEAR if path.is_dir()), NEAR[0]))
BUDGETS = sorted(DATA.glob("pabulib/*.pb"))
WARDS = sorted(DATA.glob("stv/*.blt"))
missing = pytest.mark.skip(reason=f"the real elections are not at hand ({DATA}); set TEST_DATA")

# Who was elected, from the declarations of Aberdeen and Edinburgh; quotas from valid papers and seats.
DECLARED = {
    "aberdeen_2012_ward11.blt": ({"YUILL", "TAYLOR", "TOWNSON"}, 1196),
    "aberdeen_2017_ward7.blt": ({"MASON", "CORMIE", "LAING"}, 1189),
    "edinburgh_2022_ward11.blt": ({"MOWAT", "MILLER", "MCFARLANE", "GRAHAM"}, 1772),
}


def of(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths or [pytest.param(DATA, marks=missing)], ids=lambda path: path.name)


def read(path: Path) -> Profile:
    with path.open("rb") as lines:
        return read_profile(path.suffix, lines).profile


@of(BUDGETS)
def test_greedy_by_the_files_own_rule_selects_what_was_selected(path: Path) -> None:
    found = tally(read(path), "pb-greedy", Terms())
    with path.open("rb") as lines:
        projects = read_election(lines).projects
    assert {name: int(score) for name, score in found.scores.items()} == {p.id: p.votes for p in projects}
    official = {project.id for project in projects if project.selected}
    assert not official or set(found.winners) == official


@of([path for path in BUDGETS if path.stat().st_size < 200_000 and "Toulouse" not in path.name])
def test_equal_shares_keeps_within_the_budget_and_uses_it_up(path: Path) -> None:
    profile = read(path)
    found = tally(profile, "pb-equal-shares", Terms())
    costs = {candidate.id: candidate.cost or Fraction(0) for candidate in profile.candidates}
    left = (profile.budget or 0) - sum(costs[name] for name in found.winners)
    assert 0 <= left < min(cost for name, cost in costs.items() if name not in found.winners)


@of(WARDS)
def test_scottish_wards_elect_who_was_declared_elected(path: Path) -> None:
    profile = read(path)
    found = tally(profile, "stv-scottish", Terms())
    names = {candidate.id: candidate.name.upper() for candidate in profile.candidates}
    elected, quota = DECLARED[path.name]
    assert {surname for surname in elected for winner in found.winners if surname in names[winner]} == elected
    assert (len(found.winners), {stage["quota"] for stage in found.rounds}) == (len(elected), {quota})


@of(WARDS)
def test_scottish_wards_recounted_paper_by_paper_come_to_the_same_votes(path: Path) -> None:
    profile = read(path)
    found = tally(profile, "stv-scottish", Terms())
    ballots = profile.ballots[Kind.RANK]
    papers = []
    for column, many in zip(ballots.values.T.tolist(), ballots.weights.tolist(), strict=True):
        ranked = sorted((rank, place) for place, rank in enumerate(column) if rank != unranked(ballots.values))
        papers += [tuple((place,) for _, place in ranked)] * many
    plain = naive.Scottish(len(profile.ids), papers, profile.seats or 1)
    assert list(found.winners) == [profile.ids[place] for place in plain.elected]
    assert [exact(found.scores[name]) * naive.UNIT for name in profile.ids] == plain.votes
