"""`flask serve`: web server and job runner as one service, which lives and dies whole. `flask jobs …`: the runner alone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from types import FrameType

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from flask_migrate import upgrade

from crowd.config import Settings
from crowd.demo.cli import fill_house
from crowd.store.db import db
from crowd.store.jobs import JobRunner

DEMO_LOGINS = ["admin", "owner", "manager", "moderator", "reviewer1", "reviewer2", "contributor1", "contributor2"]
PATIENCE = 20  # seconds an ending process may take, a little more than the web server grants its requests


jobs = AppGroup("jobs", help="Background work: events, mails, the clock.")


@jobs.command()
@click.option("--threads", default=2, show_default=True)
def work(threads: int) -> None:
    """Run jobs as they come, and the periodic ones by the clock, until stopped."""
    runner: JobRunner = current_app.extensions["jobs"]
    runner.huey.create_consumer(workers=threads, max_delay=0.5, graceful_signal="TERM", shutdown_timeout=15).run()


@jobs.command()
def once() -> None:
    """Run every job once, now, and end: for a cron, or to see what is wrong."""
    runner: JobRunner = current_app.extensions["jobs"]
    runner.run_all()


class Stopped(Exception):
    """A signal asked us to end."""


@click.command()
@click.option(
    "--prepare", is_flag=True, help="First bring the database up to date and, with APERTURA_DEMO, the demo whole."
)
@with_appcontext
def serve(*, prepare: bool) -> None:
    """Serve the pages and run the jobs until stopped; if either ends, so does the other."""
    settings: Settings = current_app.extensions["settings"]
    if prepare:
        prepare_database(settings)
    commands = [web_command(settings), [sys.executable, "-m", "flask", "jobs", "work"]]
    click.echo(greeting(settings))
    sys.exit(supervise(commands))


def prepare_database(settings: Settings) -> None:
    """Migrations, and the demo where it is wanted: in this process, since each start costs seconds."""
    upgrade()
    if settings.demo:
        fill_house(settings)
    db.session.remove()
    db.engine.dispose()


def web_command(settings: Settings) -> list[str]:
    """Connections are held, requests read whole and answers written by the server; threads only think. Greenlets do not go with SQLite:
    a wait for its lock would stop them all.
    """
    local = settings.is_local and not settings.trusted_proxies
    return [
        *(sys.executable, "-m", "granian", "crowd.served:bridge", "--interface", "rsgi", "--http", "1", "--no-ws"),
        *("--workers", str(settings.workers)),
        *("--host", "127.0.0.1" if local else "0.0.0.0", "--port", str(settings.port)),  # noqa: S104
        *("--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "15"),
        *("--log-level", "warning"),
    ]


def greeting(settings: Settings) -> str:
    lines = [f"{settings.site_name} is at {settings.base_url}"]
    if settings.demo:
        lines.append(f"Demo logins, all with the password {settings.demo_password}:")
        lines.extend(f"  {name}@demo.example" for name in DEMO_LOGINS)
    return "\n".join(lines)


def supervise(commands: list[list[str]]) -> int:
    """Run all commands until one ends or we are told to stop, then end the rest. Returns the exit code of the whole."""
    _on_signals(_stop)
    processes: list[subprocess.Popen[bytes]] = []
    try:
        processes.extend(subprocess.Popen(command) for command in commands)  # noqa: S603
        return _code_of_first_to_end(processes, commands)
    except Stopped:
        return 0
    finally:
        _on_signals(signal.SIG_IGN)  # a second Ctrl-C must not leave children behind
        _end(processes)


def _on_signals(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handler)


def _stop(number: int, _frame: FrameType | None) -> None:
    raise Stopped(number)


def _code_of_first_to_end(processes: list[subprocess.Popen[bytes]], commands: list[list[str]]) -> int:
    """Wait for any child. One that ends unasked is a failure, even with code 0."""
    pid, status = os.wait()
    for process, command in zip(processes, commands, strict=True):
        if process.pid == pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            click.echo(f"{' '.join(command[2:5])} ended with code {process.returncode}", err=True)
            return process.returncode or 1
    return 1


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + PATIENCE
    for process in processes:
        try:
            process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
