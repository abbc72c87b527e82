"""The web server and the job runner live and die together."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

FALLING = "import pathlib, sys, time\nwhile not pathlib.Path({path!r}).exists(): time.sleep(0.02)\nsys.exit(3)"
LASTING = "import pathlib, os, time; pathlib.Path({path!r}).write_text(str(os.getpid())); time.sleep(60)"


def start(*scripts: str) -> "subprocess.Popen[str]":
    commands = [[sys.executable, "-c", script] for script in scripts]
    whole = f"import sys; from crowd.serve import supervise; sys.exit(supervise({commands!r}))"
    return subprocess.Popen([sys.executable, "-c", whole], stderr=subprocess.PIPE, text=True)


def pid_in(path: Path) -> int:
    until = time.monotonic() + 20
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < until
        time.sleep(0.02)
    return int(path.read_text())


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_all_of_them_in_good_order(tmp_path: Path, number: signal.Signals) -> None:
    paths = [str(tmp_path / name) for name in ("web", "jobs")]
    whole = start(*(LASTING.format(path=path) for path in paths))
    pids = [pid_in(Path(path)) for path in paths]
    whole.send_signal(number)
    assert whole.wait(timeout=20) == 0
    assert [is_running(pid) for pid in pids] == [False, False]
    whole.communicate()


def test_when_one_dies_the_other_is_ended_and_the_whole_fails(tmp_path: Path) -> None:
    path = str(tmp_path / "web")
    whole = start(LASTING.format(path=path), FALLING.format(path=path))
    _, said = whole.communicate(timeout=30)
    assert whole.returncode == 3
    assert "ended with code 3" in said
    assert not is_running(pid_in(Path(path)))
