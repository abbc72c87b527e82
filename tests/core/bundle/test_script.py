"""The script as a text: short, of the standard library only, and running where nothing else is."""

import ast
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from crowd.core.tally.methods import METHODS
from crowd.core.verifier import RULES, script_for, script_sha256
from tests.core.bundle.checking import verify
from tests.core.bundle.making import bundle_of, round_of

SIGNATURES = "P = 2**255"
"""Where the routine of RFC 8032 begins; it goes on to the last lines, which start the script."""
MAIN = 'if __name__ == "__main__":'


def test_there_is_a_script_for_every_method() -> None:
    assert RULES.keys() == METHODS.keys()


@pytest.mark.parametrize("ledger", [True, False])
@pytest.mark.parametrize("method", RULES)
def test_it_is_short(method: str, *, ledger: bool) -> None:
    script = script_for(method, ledger=ledger)
    before, _, rest = script.partition(SIGNATURES)
    signatures, _, start = rest.partition(MAIN)
    assert len((before + MAIN + start).splitlines()) <= 250
    assert len(signatures.splitlines()) <= 70
    assert max(map(len, script.splitlines())) <= 160


@pytest.mark.parametrize("method", RULES)
def test_it_uses_the_standard_library_only(method: str) -> None:
    imported = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(script_for(method)))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert imported <= sys.stdlib_module_names
    assert not imported & {"os", "socket", "subprocess", "urllib", "pathlib", "shutil"}


@pytest.mark.parametrize("method", RULES)
def test_it_runs_alone_and_says_what_it_checked_and_what_it_cannot_know(method: str, tmp_path: Path) -> None:
    bundle, written = bundle_of(round_of(method))
    (tmp_path / "bundle.zip").write_bytes(bundle)
    (tmp_path / "verify.py").write_text(script_for(method), "utf-8")
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-W", "error", "verify.py", "bundle.zip"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert [line[:6] for line in run.stdout.splitlines()[:7]] == ["right:"] * 6 + [""]
    assert written.script_sha256 == script_sha256(method)
    assert written.script_sha256 in run.stdout
    for words in ("who the voters were", "genuine", "pressed or paid", "administrators"):
        assert words in run.stdout
    assert run.stdout.endswith("All that can be checked is right.\n")


def test_a_bundle_cannot_hide_its_ledger_by_saying_that_there_is_none(tmp_path: Path) -> None:
    contents = round_of("approval")
    bundle, _ = bundle_of(contents)
    for hidden in (replace(contents.facts, ledger=False), replace(contents.facts, ledger=False, electorate="roll")):
        told = verify(bundle_of(replace(contents, facts=hidden))[0], "approval", ledger=False)[1]
        good = hidden.electorate == "roll"
        assert ("holds a ledger, or should" in told) == (not good)
    assert "holds a ledger, or should" in verify(bundle, "approval", ledger=False)[1]


def test_without_a_bundle_it_says_how_to_call_it(tmp_path: Path) -> None:
    script = tmp_path / "verify.py"
    script.write_text(script_for("approval"), "utf-8")
    for arguments in ([], [str(tmp_path / "none.zip")], [str(script)]):
        run = subprocess.run(
            [sys.executable, "-I", "-S", script, *arguments], capture_output=True, text=True, check=False
        )
        assert (run.returncode, run.stderr) == (2, "")
        assert run.stdout.startswith("Usage: python3 verify.py BUNDLE.zip")
