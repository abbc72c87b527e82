"""The real server in a process of its own: web server, job runner, database and mail, as an operator runs them."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flask import Flask

from crowd.config import Settings
from crowd.factory import create_app
from crowd.store.db import db
from tests.services import Mailbox, free_port

ROOT = Path(__file__).parent.parent
PATIENCE = 180


@dataclass(frozen=True)
class LiveServer:
    """`mailbox` and `data` are None for a server that was running before (TEST_BASE_URL)."""

    url: str
    mailbox: Mailbox | None = None
    data: Path | None = None
    environ: dict[str, str] | None = None

    @cached_property
    def app(self) -> Flask:
        """The application on this server's data, in this process: to put rows into its database, to run commands on it."""
        assert self.environ is not None, "a server of somebody else"
        return create_app(Settings.from_env(self.environ))

    def flask(self, *command: str) -> str:
        """Run a `flask …` command on this server's data; returns what it printed. In this process, which is seconds quicker."""
        finished = self.app.test_cli_runner().invoke(args=list(command))
        with self.app.app_context():
            db.engine.dispose()
        assert finished.exit_code == 0, (finished.output, finished.exception)
        return finished.stdout


@contextmanager
def serve(data: Path, *, mailbox: Mailbox | None = None, **settings: str) -> Iterator[LiveServer]:
    """An empty installation in `data` on a free port, also with `demo`: `--prepare` would load it, which takes long.

    `settings` are `APERTURA_…` names in lower case.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    values = {"data": str(data), "port": str(port), "base_url": url, "threads": "8"} | settings
    if mailbox:
        values["mail_url"] = mailbox.url
    clean = {name: value for name, value in os.environ.items() if not name.startswith("APERTURA_")}
    environ = clean | {f"APERTURA_{name.upper()}": value for name, value in values.items()}
    server = LiveServer(url, mailbox, data, environ)
    data.mkdir(parents=True, exist_ok=True)
    command = ["serve"] if "demo" in settings else ["serve", "--prepare"]
    if "demo" in settings:
        server.flask("db", "upgrade")
    with (data / "server.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", *command],
            cwd=ROOT,
            env=environ,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_ready(url, process, data / "server.log")
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def _wait_until_ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5):
                return
        except OSError:  # not listening yet, or the worker is still starting
            time.sleep(0.1)
    raise AssertionError(log.read_text())
