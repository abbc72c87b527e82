"""Reading elections: small files with every trap, and damaged ones, each refused in one line."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crowd.core.ballot_files import ENDINGS, FileFault, Reading, read_profile
from crowd.core.tally.count import Terms
from crowd.core.tally.methods import tally
from crowd.core.tally.profile import Ballots, Kind, Profile, unranked

BLT = """4 2 # a ward
-3

3 1 2 0
2 2=3 1 0
1 4 4 0
1 0
0
"Ann ""the one"" Ash" # elected before
Bo
Cy
"D#"
"A ward"
"""
SOI = """# FILE NAME: 1.soi
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 9
# ALTERNATIVE NAME 1: Ash
# ALTERNATIVE NAME 2: Birch: the tree
# ALTERNATIVE NAME 5: Cedar
5: 5,{1,2}
2: 1
1: 2,2
"""
OLD = "3\n1,Ash\n2,Birch\n3,Cedar\n4,4,2\n3,1,{2,3}\n1,3\n"
CAT = """# NUMBER CATEGORIES: 3
# CATEGORY NAME 1: Yes
# CATEGORY NAME 2: Maybe
# CATEGORY NAME 3: No
# ALTERNATIVE NAME 1: Ash
# ALTERNATIVE NAME 2: Birch
4: {1,2}
2: {},2,1
"""
PB = """META
key;value
budget;10.5
vote_type;{kind}
rule;greedy
PROJECTS
project_id;cost;name
x;4000.0;"A; b"
y;0.5;Дерево
VOTES
voter_id;vote{column}
1;y,x{one}
2;x,zzz{two}
"""
JSON = """{
  "candidates": [{"id": "a", "name": "A", "cost": 10.1}, {"id": "b"}, {"id": "c", "cost": "7/2"}],
  "ballots": [
    {"weight": 3, "approve": ["a", "c"]},
    {"rank": [["a"], ["b", "c"]]},
    {"rank": ["c", []]},
    {"score": {"a": 5, "b": 0}},
    {"points": {"a": 4.0}},
    {"grade": {"a": "good"}},
    {"pair": ["a", "b"]},
    {"approve": ["a", "nobody"]},
    {"approve": ["a", "a"]},
    {"score": {"a": 1.5}},
    {"grade": {"a": "so-so"}}
  ],
  "seats": 2
}
"""
WHOLE: Mapping[str, str] = {
    ".blt": BLT,
    ".soi": SOI,
    ".cat": CAT,
    ".json": JSON,
    ".pb": PB.format(kind="approval", column="", one="", two=""),
}

METHOD_OF = {Kind.RANK: "stv-scottish", Kind.GRADE: "majority-judgment", Kind.APPROVE: "approval"}


def read(ending: str, text: str | bytes) -> Reading:
    raw = text if isinstance(text, bytes) else text.encode()
    return read_profile(ending, raw.splitlines(keepends=True))


def said(ballots: Ballots) -> list[tuple[int, list[Any]]]:
    """How many, and what they say of each candidate; None for unranked."""
    none = unranked(ballots.values) if ballots.kind is Kind.RANK else None
    rows = ([None if value == none else value for value in column] for column in ballots.values.T.tolist())
    return list(zip(ballots.weights.tolist(), rows, strict=True))


def names_of(profile: Profile) -> dict[str, str]:
    return {candidate.id: candidate.name for candidate in profile.candidates}


def test_a_blt_file() -> None:
    profile = read(".blt", BLT).profile
    assert names_of(profile) == {"1": 'Ann "the one" Ash', "2": "Bo", "4": "D#"}
    assert said(profile.ballots[Kind.RANK]) == [
        (1, [None, None, None]),
        (3, [1, 2, None]),
        (2, [2, 1, None]),
    ]
    assert (profile.seats, profile.invalid, profile.read) == (2, 1, 7)


def test_orders_of_preflib() -> None:
    reading = read(".soi", SOI)
    assert names_of(reading.profile) == {"1": "Ash", "2": "Birch: the tree", "5": "Cedar"}
    assert said(reading.profile.ballots[Kind.RANK]) == [(2, [1, None, None]), (5, [2, 2, 1])]
    assert (reading.profile.invalid, reading.remarks) == (1, ("NUMBER VOTERS says 9, the file holds 8",))


def test_the_former_format_of_preflib() -> None:
    profile = read(".toi", OLD).profile
    assert names_of(profile) == {"1": "Ash", "2": "Birch", "3": "Cedar"}
    assert said(profile.ballots[Kind.RANK]) == [(3, [1, 2, 2]), (1, [None, None, 1])]


def test_categories_of_preflib_are_grades() -> None:
    profile = read(".cat", CAT).profile
    assert profile.grades == ("Yes", "Maybe", "No")
    assert said(profile.ballots[Kind.GRADE]) == [(4, [0, 0]), (2, [2, 1])]


@pytest.mark.parametrize(
    ("kind", "column", "one", "two", "read_as", "ballots"),
    [
        ("approval", "", "", "", Kind.APPROVE, [(1, [1, 0]), (1, [1, 1])]),
        ("ordinal", "", "", "", Kind.RANK, [(1, [1, None]), (1, [2, 1])]),
        ("scoring", ";points", ";3,1", ";5,4", Kind.SCORE, [(1, [1, 3]), (1, [5, 0])]),
        ("cumulative", ";points", ";30,1", ";5,4", Kind.POINTS, [(1, [1, 30]), (1, [5, 0])]),
    ],
)
def test_pabulib_of_every_kind(kind: str, column: str, one: str, two: str, read_as: Kind, ballots: list[Any]) -> None:
    reading = read(".pb", PB.format(kind=kind, column=column, one=one, two=two))
    profile = reading.profile
    assert said(profile.ballots[read_as]) == ballots
    assert (profile.budget, profile.rule, [candidate.cost for candidate in profile.candidates]) == (
        Fraction(21, 2),
        "greedy",
        [Fraction(4000), Fraction(1, 2)],
    )
    assert reading.remarks == ("line 13: the project zzz is not listed; its mark is dropped and the ballot kept",)


def test_a_json_profile_with_every_kind_of_ballot() -> None:
    profile = read(".json", JSON).profile
    assert [candidate.cost for candidate in profile.candidates] == [Fraction(101, 10), None, Fraction(7, 2)]
    assert (profile.seats, profile.invalid, profile.read) == (2, 4, 13)
    assert {kind: said(ballots) for kind, ballots in profile.ballots.items() if kind is not Kind.PAIR} == {
        Kind.APPROVE: [(3, [1, 0, 1])],
        Kind.RANK: [(1, [1, 2, 2]), (1, [None, None, 1])],
        Kind.SCORE: [(1, [5, 0, 0])],
        Kind.POINTS: [(1, [4, 0, 0])],
        Kind.GRADE: [(1, [2, 5, 5])],
    }
    assert profile.ballots[Kind.PAIR].values.tolist() == [[0], [1]]


@pytest.mark.parametrize(
    ("ending", "old", "new", "fault"),
    [
        (".blt", "4 2 #", "4 #", "line 1: the first line must hold the numbers of candidates and of seats"),
        (".blt", "3 1 2 0", "3 1 2", "line 4: the ballot is not ended by 0"),
        (".blt", "3 1 2 0", "3 1 5 0", "line 4: a candidate must be a whole number from 1 to 4, not '5'"),
        (".blt", "3 1 2 0", "-1 1 2 0", "line 4: withdrawn candidates are numbers from -1 to -4, not '-1 1 2 0'"),
        (".blt", '"D#"\n"A ward"\n', "", "line 11: 4 names of candidates were expected, 3 found"),
        (".blt", '"D#"', '"D#', "line 12: a quotation mark is opened and not closed"),
        (".blt", "1 0\n0\n", "1 0\n", "line 8: the ballots are not ended by a line with 0"),
        (".soi", "5: 5,{1,2}", "5: 5,{1,9}", "line 7: there is no alternative '9'"),
        (".soi", "5: 5,{1,2}", "5: 5,{1,2", "line 7: the order cannot be read from '{1,2' on"),
        (".soi", "5: 5,{1,2}", "x: 5", "line 7: the number of ballots must be a whole number"),
        (".soi", "# ALTERNATIVE NAME 5", "# ALTERNATIVE NAME 1", "line 6: the alternative 1 is named twice"),
        (".cat", "2: {},2,1", "2: {},2,1,{}", "line 8: 3 categories are named, 4 stand here"),
        (".pb", "y;0.5", "y;half", "line 9: cost must be a number of at least 0, not 'half'"),
        (".json", '"a", "c"]},', '"a", "c"]}', "line 5: this is not JSON"),
        (".json", '"points": {"a": 4.0}', '"points": {"a": "4"}', "line 8: what is given must be a number, not '4'"),
        (".json", '"weight": 3', '"weight": -3', "line 4: `weight` must be a whole number from 0"),
        (".json", '"weight": 3', '"weight": NaN', "line 4: `weight` must be a whole number from 0"),
        (".json", '{"pair": ["a", "b"]}', '{"pair": ["a"]}', "line 10: a pair must be two ids"),
        (".json", '"id": "b"', '"id": "a"', "line 2: the id 'a' is empty or comes twice"),
        (".json", '"cost": 10.1', '"cost": -1', "line 2: `cost` must be a number of at least 0"),
        (".json", '"approve": ["a", "a"]', '"approved": []', "line 12: a ballot must hold one of approve, rank"),
    ],
)
def test_a_damaged_file_is_refused_by_line(ending: str, old: str, new: str, fault: str) -> None:
    assert old in WHOLE[ending]
    with pytest.raises(FileFault) as refused:
        read(ending, WHOLE[ending].replace(old, new))
    assert str(refused.value).startswith(fault)


def test_a_name_of_no_format_is_refused() -> None:
    with pytest.raises(FileFault, match=r"^\.zip is none of \.pb \.blt \.cat|^\.zip is none of \.pb"):
        read(".zip", "")


@pytest.mark.parametrize("ending", ENDINGS)
@given(data=st.data())
def test_whatever_a_file_holds_it_is_read_or_refused_in_one_line(ending: str, data: st.DataObject) -> None:
    whole = WHOLE.get(ending, SOI).encode()
    begin = data.draw(st.integers(0, len(whole)))
    end = min(len(whole), begin + data.draw(st.integers(0, 12)))
    pieces = st.sampled_from(
        [b"", b'"', b"{", b"}", b"[]", b"0", b"-1", b"9" * 30, b"\n", b"\xff", b",", b":", b"null", b"=", b"1e999"]
    )
    damaged = whole[:begin] + data.draw(st.one_of(pieces, st.binary(max_size=8))) + whole[end:]
    _survives(ending, damaged)


@pytest.mark.parametrize("ending", ENDINGS)
@given(raw=st.binary(max_size=60))
@example(raw=b"")
@example(raw=b"\n")
@example(raw=b"[" * 100_000)
def test_noise_is_refused_in_one_line(ending: str, raw: bytes) -> None:
    _survives(ending, raw)


def _survives(ending: str, raw: bytes) -> None:
    try:
        profile = read(ending, raw).profile
    except FileFault as fault:
        lines = len(str(fault).splitlines())
    else:
        lines = 1
        for kind, method in METHOD_OF.items():
            if kind in profile.ballots:
                assert tally(profile, method, Terms()).ballots <= profile.read
    assert lines == 1
