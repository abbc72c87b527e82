"""Reading Pabulib files: made-up ones with every trap, and the real elections where they are at hand."""

import csv
import os
from collections import Counter
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.core.pabulib import Election, PabError, Vote, read_election
from crowd.core.tally.greedy import Caps, GreedyResult, GreedyStep, count_greedy, order_by_votes
from crowd.core.tally.result import Tally
from tests.core.counting import count_approval

ROOT = Path(__file__).parent.parent.parent
NEAR = [folder / "shared" / "data" for folder in ROOT.parents]
DATA = Path(os.environ.get("TEST_DATA") or next((path for path in NEAR if path.is_dir()), NEAR[0])) / "pabulib"
ORDINAL = DATA / "US_Stanford_Dataset_Merced_Peoples_Budget_Ballot_2019_vote_rankings.pb"
AMSTERDAM = DATA / "Netherlands_Amsterdam_252.pb"
MARKED = [path for path in sorted(DATA.glob("*.pb")) if path != ORDINAL]
real = pytest.mark.skipif(not MARKED, reason=f"the real elections are not at hand ({DATA}); set TEST_DATA")
ELECTIONS: list[Any] = list(MARKED) or [pytest.param(DATA, marks=real)]

META = """META
key;value
description;Made up
num_projects;2
num_votes;2
budget;5000
vote_type;approval
rule;greedy
"""
PROJECTS = '''PROJECTS
project_id;cost;votes;name;selected;district
a;4000;2;"Bänke; viele ""neue""";1;Nord
b;4000.0;1;Дерево;0;Süd
'''
VOTES = """VOTES
voter_id;vote;age
1;a,b;30
2;a;41
"""
WHOLE = META + PROJECTS + VOTES


def read(text: str) -> tuple[Election, list[Vote]]:
    election = read_election(text.encode().splitlines(keepends=True))
    return election, list(election.votes)


def test_a_small_file_by_hand() -> None:
    election, votes = read(WHOLE)
    bench, tree = election.projects
    assert (bench.id, bench.name, bench.cost, bench.votes, bench.selected) == (
        "a",
        'Bänke; viele "neue"',
        Fraction(4000),
        2,
        True,
    )
    assert (tree.name, tree.cost, tree.selected, dict(tree.extra)) == (
        "Дерево",
        Fraction(4000),
        False,
        {"district": "Süd"},
    )
    assert votes == [Vote(15, "1", ("a", "b")), Vote(16, "2", ("a",))]
    assert (election.budget, election.rule, election.declared_votes, election.notices) == (
        Fraction(5000),
        "greedy",
        2,
        [],
    )


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    election = read_election(("\ufeff" + WHOLE.replace("\n", "\r\n")).encode().splitlines(keepends=True))
    plain, votes = read(WHOLE)
    assert (election.meta, election.projects) == (plain.meta, plain.projects)
    assert list(election.votes) == votes


def test_what_is_not_quite_right_is_mended_and_reported_by_line() -> None:
    rows = "VOTES\nvoter_id;vote\n7;a,zzz,a\n7;\n8;zzz\n"
    election, votes = read(META + PROJECTS + rows)
    assert [(vote.voter, vote.marks) for vote in votes] == [("7", ("a",)), ("7#2", ()), ("8", ())]
    assert [(notice.code, notice.line, notice.value) for notice in election.notices] == [
        ("repeated_mark", 15, "a"),
        ("unknown_project", 15, "zzz"),
        ("repeated_voter", 16, "7"),
        ("unknown_project", 17, "zzz"),
        ("num_votes", 0, "2"),
    ]
    assert str(election.notices[1]) == "line 15: the project zzz is not listed; its mark is dropped and the ballot kept"
    assert str(election.notices[4]) == "num_votes says 2, the file holds 3"


def test_a_name_may_run_over_lines_and_line_numbers_still_hold() -> None:
    election, votes = read(META + PROJECTS.replace("Дерево", '"Дерево\nи куст"') + VOTES)
    assert election.projects[1].name == "Дерево\nи куст"
    assert votes[0].line == 16


def test_a_file_without_official_totals_has_none() -> None:
    projects = "PROJECTS\nproject_id;cost\na;1\nb;2\n"
    election, _ = read(META + projects + VOTES)
    assert [(project.name, project.votes, project.selected) for project in election.projects] == [
        ("a", None, None),
        ("b", None, None),
    ]


def test_points_are_read_with_what_each_mark_is_given() -> None:
    scored = (
        META.replace("approval", "scoring") + PROJECTS + "VOTES\nvoter_id;vote;points\n1;a,b;1,0\n2;zzz,b,b;9,2.5,1\n"
    )
    votes = read(scored)[1]
    assert [(vote.marks, vote.points) for vote in votes] == [(("a", "b"), (1, 0)), (("b",), (Fraction(5, 2),))]
    with pytest.raises(PabError, match=r"^line 17: 2 projects are named and 1 points given"):
        read(scored + "3;a,b;3\n")
    with pytest.raises(PabError, match=r"^line 17: points must be a number of at least 0, not '-1'"):
        read(scored + "3;a;-1\n")


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        (WHOLE.replace("approval", "stones"), "vote_type", r"not known \(vote_type stones\)"),
        (WHOLE.replace("vote_type;approval\n", ""), "vote_type", r"not known \(vote_type missing\)"),
        ("", "malformed", "the section META is missing: this is no Pabulib file"),
        ("<html>\n", "malformed", "^line 1: the section META is missing"),
        (META + VOTES, "malformed", "^line 9: the section PROJECTS is missing"),
        (META + PROJECTS, "malformed", "the section VOTES is missing"),
        (META + "PROJECTS\nproject_id;cost\nVOTES\nvoter_id;vote\n", "malformed", "there are no projects"),
        (
            WHOLE.replace("voter_id;vote;age", "voter_id;age"),
            "malformed",
            "^line 14: the section VOTES has no column vote",
        ),
        (WHOLE.replace("b;4000.0", "b;much"), "number", "^line 12: cost must be a number of at least 0, not 'much'"),
        (WHOLE.replace("b;4000.0", "b;-5"), "number", "^line 12: cost must be"),
        (WHOLE.replace("budget;5000", "budget;"), "number", "budget must be"),
        (WHOLE.replace("b;4000.0;1", "b;4000.0;1.5"), "number", "^line 12: votes must be a whole number"),
        (WHOLE.replace("b;4000.0", "a;4000.0"), "malformed", "^line 12: the project id 'a' is empty or comes twice"),
        (WHOLE.replace("2;a;41", "2;a;41;9"), "malformed", "^line 16: 3 columns were expected, 4 found"),
        (WHOLE.replace("2;a;41", "2"), "malformed", "^line 16: 3 columns were expected, 1 found"),
        (WHOLE.replace("2;a;41", ";a;41"), "malformed", "^line 16: the voter id is empty"),
        (WHOLE.replace("1;a,b;30", '1;"a,b;30'), "malformed", "^line 15: "),
        (WHOLE.replace("Дерево", '"Дерево'), "malformed", "^line 12: "),
        (WHOLE.replace("rule;greedy", "rule"), "malformed", "^line 8: 'rule' has no value"),
        (WHOLE.replace("2;a;41", "2;a;\0"), "encoding", "^line 16: the file is not text"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(text: str, code: str, message: str) -> None:
    with pytest.raises(PabError, match=message) as refused:
        read(text)
    assert refused.value.code == code
    assert "\n" not in str(refused.value)


def test_a_file_in_another_encoding_is_refused_with_its_line() -> None:
    with pytest.raises(PabError, match=r"^line 11: the file is not UTF-8 text"):
        read_election(WHOLE.encode("cp1252", errors="replace").splitlines(keepends=True))


@given(st.binary(max_size=200), st.integers(0, len(WHOLE)))
def test_broken_bytes_are_read_or_refused_but_never_crash(noise: bytes, place: int) -> None:
    whole = WHOLE.encode()
    broken = whole[:place] + noise + whole[place:]
    with suppress(PabError):
        election = read_election(broken.splitlines(keepends=True))
        assert all(set(vote.marks) <= set(election.costs) for vote in election.votes)


def test_bounds_per_part_are_read_from_the_file() -> None:
    bounded = META + "districts;Nord,Süd\nbudget_per_district;4500,100\n" + PROJECTS + VOTES
    assert read(bounded)[0].caps() == Caps({"Nord": Fraction(4500), "Süd": Fraction(100)}, {"a": "Nord", "b": "Süd"})
    assert read(WHOLE)[0].caps() == Caps()
    with pytest.raises(PabError, match="does not give one amount"):
        read(bounded.replace("4500,100", "4500"))[0].caps()


def test_greedy_takes_what_fits_and_says_why_not() -> None:
    costs = {"a": 60, "b": 50, "c": 30, "d": 20}
    result = count_greedy("abcd", costs, 100, Caps({"north": 35}, {"c": "north", "d": "north"}))
    assert result.steps == (
        GreedyStep("a", 60, taken=True, code="taken", left=40),
        GreedyStep("b", 50, taken=False, code="no_money", left=40),
        GreedyStep("c", 30, taken=True, code="taken", left=10),
        GreedyStep("d", 20, taken=False, code="no_money", left=10),
    )
    capped = count_greedy("dc", costs, 100, Caps({"north": 35}, {"c": "north", "d": "north"}))
    assert [step.code for step in capped.steps] == ["taken", "cap"]
    assert (result.taken, result.left) == (("a", "c"), 10)


def test_greedy_refuses_a_negative_cost() -> None:
    with pytest.raises(ValueError, match="negative cost of a"):
        count_greedy("a", {"a": -1}, 5)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=8), st.integers(0, 100))
def test_greedy_passes_over_only_what_does_not_fit(prices: list[int], budget: int) -> None:
    costs = {str(place): price for place, price in enumerate(prices)}
    result = count_greedy(costs, costs, budget)
    spent = 0
    for step in result.steps:
        assert step.taken == (spent + step.cost <= budget)
        spent += costs[step.candidate] if step.taken else 0
    assert result.left == budget - spent


def test_equal_votes_are_taken_in_file_order() -> None:
    assert order_by_votes({"x": 1, "m": 2, "a": 1}, ["x", "m", "a"]) == ["m", "x", "a"]


@real
def test_rankings_are_read_best_first_and_agree_with_the_columns_of_the_file() -> None:
    with ORDINAL.open("rb") as stream:
        election = read_election(stream)
        votes = list(election.votes)
    assert (election.kind, len(votes), election.notices) == ("ordinal", 100, [])
    assert votes[0].marks == ("1108", "1109", "1104")
    ranked = Counter(mark for vote in votes for mark in vote.marks)
    assert {project.id: project.votes for project in election.projects} == ranked


def counted(path: Path) -> tuple[Election, Tally]:
    with path.open("rb") as stream:
        election = read_election(stream)
        return election, count_approval((vote.marks for vote in election.votes), list(election.costs))


def greedy(election: Election, tally: Tally) -> GreedyResult:
    order = order_by_votes(tally.votes, list(election.costs))
    return count_greedy(order, election.costs, election.budget, election.caps())


@pytest.mark.parametrize("path", ELECTIONS, ids=lambda path: path.stem)
def test_the_totals_of_a_real_election_equal_its_own_column(path: Path) -> None:
    election, tally = counted(path)
    assert {project.id: project.votes for project in election.projects} == tally.votes == _naive(path)
    assert (tally.ballots, tally.invalid, election.notices) == (election.declared_votes, 0, [])


def _naive(path: Path) -> dict[str, int]:
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines(), delimiter=";"))
    projects, votes = rows.index(["PROJECTS"]), rows.index(["VOTES"])
    marks = Counter(mark for row in rows[votes + 2 :] for mark in row[rows[votes + 1].index("vote")].split(","))
    return {row[0]: marks[row[0]] for row in rows[projects + 2 : votes]}


@real
def test_greedy_reproduces_each_official_result_of_that_rule() -> None:
    compared = []
    for path in MARKED:
        election, tally = counted(path)
        official = {project.id for project in election.projects if project.selected}
        if election.rule == "greedy" and official:
            assert set(greedy(election, tally).taken) == official
            compared.append(path.stem)
    assert "Poland_Warszawa_2023_Bemowo" in compared


@real
def test_no_part_of_amsterdam_takes_more_than_its_bound() -> None:
    election, tally = counted(AMSTERDAM)
    caps, spent = election.caps(), Counter[str]()
    for candidate in greedy(election, tally).taken:
        spent[caps.part_of[candidate]] += int(election.costs[candidate])
    assert caps.limits == {"Oostelijke Eilanden": 150_000, "Haarlemmerhouttuinen": 100_000, "Other": 250_000}
    assert {part: amount for part, amount in spent.items() if amount > caps.limits[part]} == {}
