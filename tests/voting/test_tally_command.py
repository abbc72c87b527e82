"""`flask tally`: one object, or one line and exit code 2."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crowd.voting.cli import tally_file

ROOT = Path(__file__).parent.parent.parent
ELECTION = {
    "candidates": [{"id": "a", "name": "Ash", "cost": 3}, {"id": "b", "cost": 2.5}, {"id": "ç", "cost": "1/3"}],
    "ballots": [{"weight": 2, "approve": ["a"]}, {"approve": ["b", "ç"]}, {"approve": ["b"]}, {"approve": ["nobody"]}],
}


def run(folder: Path, content: Any, *options: str, name: str = "e.json") -> Result:
    file = folder / name
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return CliRunner().invoke(tally_file, [str(file), *options])


def test_the_object_has_exactly_the_agreed_keys(tmp_path: Path) -> None:
    result = run(tmp_path, ELECTION, "--method", "approval", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == {
        "method": "approval",
        "winners": ["a"],
        "ranking": [["a", "b"], ["ç"]],
        "scores": {"a": "2", "b": "2", "ç": "1"},
        "rounds": [{"round": 1, "votes": {"a": 2, "b": 2, "ç": 1}}],
        "ties": [{"for": "seat", "candidates": ["a", "b"], "chosen": ["a"], "by": "order", "round": None}],
        "ballots": 4,
        "invalid": 1,
        "exhausted": 0,
    }


def test_options_reach_the_count(tmp_path: Path) -> None:
    def winners(*options: str) -> Any:
        return json.loads(run(tmp_path, ELECTION, *options, "--json").stdout)["winners"]

    assert winners("--method", "approval", "--seats", "2") == ["a", "b"]
    assert winners("--method", "approval", "--seed", "02") == ["b"]
    assert winners("--method", "pb-greedy", "--budget", "2.9") == ["b", "ç"]
    assert winners("--method", "pb-greedy", "--budget", "2.9", "--rule", "greedy-no-skip") == []
    assert winners("--method", "pb-equal-shares", "--budget", "17/6") == ["ç", "b"]


def test_for_the_eye_there_is_a_table(tmp_path: Path) -> None:
    result = run(tmp_path, ELECTION, "--method", "approval")
    assert result.stdout.splitlines() == [
        "approval: 4 ballots, 1 invalid, 0 exhausted",
        "",
        "1.  *  2  a  Ash",
        "1.     2  b",
        "3.     1  ç",
        "",
        "Tie for seat: a, b; settled by order: a",
    ]


@pytest.mark.parametrize(
    ("content", "options", "name", "line"),
    [
        (ELECTION, ("--method", "irv"), "e.json", "e.json: irv needs rankings, and the ballots are marks"),
        (
            "{\n,",
            ("--method", "irv"),
            "e.json",
            "e.json: line 2: this is not JSON (Expecting property name enclosed in",
        ),
        ("x", ("--method", "irv"), "e.tar", "e.tar: .tar is none of .pb .blt .soc"),
        ("x", ("--method", "irv"), "e.zip", "e.zip: this is not a zip"),
        (
            ELECTION,
            ("--method", "score", "--rule", "greedy"),
            "e.json",
            "e.json: --rule chooses among the rules of pb-greedy",
        ),
    ],
)
def test_what_cannot_be_counted_ends_with_one_line(
    tmp_path: Path, content: Any, options: tuple[str, ...], name: str, line: str
) -> None:
    result = run(tmp_path, content, *options, name=name)
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (2, "", 1)
    assert result.stderr.startswith(line)


def test_a_file_that_is_not_there_ends_with_one_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(tally_file, [str(tmp_path / "none.blt"), "--method", "irv"])
    assert (result.exit_code, result.stderr) == (2, "none.blt: No such file or directory\n")


@pytest.mark.parametrize(
    "option",
    [("--seed", "0g"), ("--seed", "abc"), ("--seats", "0"), ("--budget", "-1"), ("--budget", "1e9"), ("--method", "x")],
)
def test_options_that_are_wrong_end_with_code_2(tmp_path: Path, option: tuple[str, str]) -> None:
    assert run(tmp_path, ELECTION, "--method", "approval", *option).exit_code == 2


def test_unknown_projects_are_told_on_stderr_and_the_object_stays_alone_on_stdout(tmp_path: Path) -> None:
    text = (
        "META\nkey;value\nbudget;1\nvote_type;approval\nPROJECTS\nproject_id;cost\nx;1\nVOTES\nvoter_id;vote\n1;x,q\n"
    )
    result = run(tmp_path, text, "--method", "pb-greedy", "--json", name="e.pb")
    assert json.loads(result.stdout)["winners"] == ["x"]
    assert result.stderr == "line 10: the project q is not listed; its mark is dropped and the ballot kept\n"


def test_the_command_needs_neither_settings_nor_database(tmp_path: Path) -> None:
    file = tmp_path / "e.json"
    file.write_text(json.dumps(ELECTION), "utf-8")
    command = [sys.executable, "-m", "flask", "tally", str(file), "--method", "approval"]
    broken = {"APERTURA_DATABASE_URL": "nonsense", "APERTURA_DATA": str(tmp_path / "data")}
    result = subprocess.run(command, cwd=ROOT, env=broken, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr, (tmp_path / "data").exists()) == (0, "", False)
    assert result.stdout.startswith("approval: 4 ballots")
