"""`flask verify`, and `flask tally` of a bundle."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crowd.core.verifier import script_for
from crowd.voting.cli import tally_file, verify_bundle
from tests.core.bundle.making import OTHER, bundle_of, round_of
from tests.core.bundle.test_tampering import files_of, signed_anew, zipped

pytestmark = pytest.mark.one_database

ROOT = Path(__file__).parents[2]


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    file = tmp_path / "round.zip"
    file.write_bytes(bundle_of(round_of("schulze"))[0])
    return file


def verify(file: Path) -> Result:
    return CliRunner().invoke(verify_bundle, [str(file)])


def test_a_good_bundle(bundle: Path) -> None:
    result = verify(bundle)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-2:] == [
        "All that can be checked is right.",
        "The verify.py in the bundle is the one of this installation, whose code was run here.",
    ]


def test_a_changed_bundle(bundle: Path) -> None:
    files = files_of(bundle.read_bytes())
    bundle.write_bytes(zipped(files | {"result.json": files["result.json"].replace(b'"a"', b'"b"')}))
    result = verify(bundle)
    assert result.exit_code == 1
    assert "WRONG: result.json: was changed" in result.stdout


def test_a_script_that_always_agrees_is_not_run_and_is_told(bundle: Path) -> None:
    """The code comes from this installation, never from the bundle."""
    files = files_of(bundle.read_bytes()) | {"verify.py": b"print('All that can be checked is right.')\n"}
    bundle.write_bytes(zipped(signed_anew(files, OTHER)))
    result = verify(bundle)
    assert result.exit_code == 1
    assert "The verify.py in the bundle IS ANOTHER THAN THE ONE of this installation" in result.stdout


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (b"{}", "WRONG: rules.json: lacks 'format'\n"),
        (b"[", "WRONG: rules.json: "),
        (b'{"format": "apertura-bundle-1", "method": "guessing"}', "WRONG: rules.json: 'guessing' is no method\n"),
    ],
)
def test_rules_that_name_no_method(bundle: Path, rules: bytes, words: str) -> None:
    bundle.write_bytes(zipped(files_of(bundle.read_bytes()) | {"rules.json": rules}))
    result = verify(bundle)
    assert result.exit_code == 1
    assert result.stdout.startswith(words)


def test_what_is_no_bundle(tmp_path: Path) -> None:
    result = verify(tmp_path / "none.zip")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", "none.zip: No such file or directory\n")
    (tmp_path / "x.zip").write_text("x")
    result = verify(tmp_path / "x.zip")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", "x.zip: this is not a zip\n")


def test_it_needs_no_settings(bundle: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("APERTURA_")}
    run = subprocess.run(
        [sys.executable, "-m", "flask", "verify", bundle],
        cwd=ROOT,
        env={**environment, "APERTURA_DATABASE_URL": "nonsense"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0
    assert "All that can be checked is right." in run.stdout


def test_a_bundle_is_counted_from_its_file(bundle: Path) -> None:
    result = CliRunner().invoke(tally_file, [str(bundle), "--method", "schulze", "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["ballots"] == 6
    assert result.stderr == "Ballots excluded, and not counted: 1\n"


def test_the_script_is_the_one_for_the_method(bundle: Path) -> None:
    assert files_of(bundle.read_bytes())["verify.py"] == script_for("schulze").encode()
