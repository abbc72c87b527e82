"""`flask assign` and `flask calibrate`, on files good and bad."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crowd.reviews.cli import assign_file, calibrate_file

ASKED: dict[str, Any] = {
    "reviewers": [{"id": "ana", "load": 2}, {"id": "bo", "load": 1}, {"id": "cy", "load": 1}],
    "proposals": [{"id": "park"}, {"id": "pool"}, {"id": "quay"}],
    "reviews_per_proposal": 2,
    "affinity": {"park": {"ana": 0.9, "bo": 0.5}, "pool": {"ana": 0.8}, "quay": {"cy": 0.25}},
    "conflicts": [["quay", "ana"], ["pool", "cy"]],
}


def run(command: Any, file: Path, *more: str) -> Result:
    return CliRunner().invoke(command, [str(file), *more])


def assign(folder: Path, asked: Any, *more: str) -> Result:
    file = folder / "asked.json"
    file.write_text(asked if isinstance(asked, str) else json.dumps(asked), encoding="utf-8")
    return run(assign_file, file, *more)


def test_an_assignment_names_reviewers_and_what_is_missing(tmp_path: Path) -> None:
    answer = json.loads(assign(tmp_path, ASKED, "--json").stdout)
    assert answer == {
        "assignment": {"park": ["ana", "bo"], "pool": ["ana"], "quay": ["cy"]},
        "worst_served": 0.25,
        "total": 2.45,
        "unfilled": {"pool": 1, "quay": 1},
    }


def test_the_table_says_the_figures_and_the_worst_served_first(tmp_path: Path) -> None:
    lines = assign(tmp_path, ASKED).stdout.splitlines()
    assert lines[:2] == [
        "4 of 6 places filled, proven optimal",
        "Worst served: 0.25 (no assignment passes 0.25)",
    ]
    assert [" ".join(line.split()) for line in lines[4:]] == [
        "quay 0.25 cy (1 missing)",
        "pool 0.8 ana (1 missing)",
        "park 1.4 ana, bo",
    ]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("{", "line 1: not JSON: Expecting property name enclosed in double quotes"),
        ("[]", "an object is needed"),
        ({"reviewers": {}}, "reviewers: a list is needed"),
        ({"proposals": [{"id": "park"}, {"id": "park"}]}, "proposals[1].id: 'park' stands twice"),
        ({"proposals": [{}]}, "proposals[0].id: a text is needed"),
        ({"reviewers": [{"id": "ana", "load": -1}]}, "reviewers[0].load: a whole number of at least 0 is needed"),
        ({"reviewers": [{"id": "ana", "load": True}]}, "reviewers[0].load: a whole number of at least 0 is needed"),
        ({"reviews_per_proposal": 0}, "reviews_per_proposal: a whole number of at least 1 is needed"),
        ({"affinity": {"lake": {}}}, "affinity: 'lake' is not among the proposals"),
        ({"affinity": {"park": {"di": 1}}}, "affinity['park']: 'di' is not among the reviewers"),
        ({"affinity": {"park": {"ana": "1"}}}, "affinity['park']['ana']: a number is needed"),
        ({"affinity": {"park": {"ana": float("nan")}}}, "affinity['park']['ana']: a number is needed"),
        ({"conflicts": [["park"]]}, "conflicts[0]: a proposal and a reviewer are needed"),
        ({"conflicts": [["ana", "park"]]}, "conflicts[0]: 'ana' is not among the proposals"),
        ('{"reviewers": [], "reviewers": []}', "'reviewers' stands twice in one object"),
    ],
)
def test_a_faulty_problem_is_refused_in_one_line(tmp_path: Path, change: Any, fault: str) -> None:
    result = assign(tmp_path, change if isinstance(change, str) else ASKED | change, "--json")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"asked.json: {fault}\n")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for command in (assign_file, calibrate_file):
        result = run(command, tmp_path / "none")
        assert (result.exit_code, result.stderr) == (2, "none: No such file or directory\n")


SCORES = "proposal,reviewer,score\n" + "\n".join(
    f"{key},{who},{base + more}"
    for key, base in {"park": 1, "pool": 4, "quay": 7}.items()
    for who, more in {"ana": 1.0, "bo": 0.0, "cy": -1.0}.items()
)


def calibrated(folder: Path, text: str | bytes, *more: str) -> Result:
    file = folder / "scores.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return run(calibrate_file, file, *more)


def test_calibrated_scores_stand_beside_the_raw_ones(tmp_path: Path) -> None:
    answer = json.loads(calibrated(tmp_path, SCORES, "--json").stdout)
    assert {
        key: (one["raw"], round(one["adjusted"], 1), one["reviews"]) for key, one in answer["proposals"].items()
    } == {
        "park": (1.0, 1.0, 3),
        "pool": (4.0, 4.0, 3),
        "quay": (7.0, 7.0, 3),
    }
    assert {key: round(one["leniency"], 1) for key, one in answer["reviewers"].items()} == {
        "ana": 1.0,
        "bo": 0.0,
        "cy": -1.0,
    }
    assert answer["groups"] == [["quay"], ["pool"], ["park"]]


def test_the_table_of_calibrated_scores_goes_from_the_best_on(tmp_path: Path) -> None:
    lines = calibrated(tmp_path, SCORES + "\nlake,ana,9").stdout.splitlines()
    assert [line.split()[-1] for line in lines[1:5]] == ["adjust)", "quay", "pool", "park"]
    assert [line.split()[-1] for line in lines[-3:]] == ["ana", "bo", "cy"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "line 1: the columns proposal, reviewer and score are needed"),
        ("proposal,score\n", "line 1: the column 'reviewer' is missing"),
        ("proposal,reviewer,score,score\n", "line 1: the column 'score' stands twice"),
        ("proposal,reviewer,score\n", "line 1: no score in the file"),
        ("proposal,reviewer,score\na,b,3\na,c\n", "line 3: 2 columns, not 3"),
        ("proposal,reviewer,score\na,,3\n", "line 2: reviewer is empty"),
        ("proposal,reviewer,score\na,b,good\n", "line 2: the score 'good' is not a number"),
        ("proposal,reviewer,score\na,b,nan\n", "line 2: the score 'nan' is not a number"),
        ("proposal,reviewer,score\na,b,3\na,b,4\n", "line 3: this reviewer scored this proposal on line 2 already"),
        (b"proposal,reviewer,score\na,\xff,3\n", "line 2: the text is not UTF-8"),
        ('proposal,reviewer,score\na,"b"c,3\n', "line 2: not CSV: ',' expected after '\"'"),
    ],
)
def test_a_faulty_table_is_refused_in_one_line(tmp_path: Path, text: str | bytes, fault: str) -> None:
    result = calibrated(tmp_path, text, "--json")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"scores.csv: {fault}\n")
