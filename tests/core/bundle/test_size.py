"""A large city: counted, hashed and bundled within a minute of processor time and a gibibyte of memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("ballots", "seconds", "megabytes"),
    [
        pytest.param(20_000, 10, 300, id="few"),
        pytest.param(1_000_000, 60, 1024, id="many", marks=[pytest.mark.soak, pytest.mark.timeout(1800)]),
    ],
)
def test_a_bundle_is_written_in_little_time_and_memory(ballots: int, seconds: int, megabytes: int) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.core.bundle.large", str(ballots)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(run.stdout)
    assert found["ballots"] == ballots
    assert found["seconds"] < seconds
    assert found["megabytes"] < megabytes
