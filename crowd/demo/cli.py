"""`flask demo load`: fill the house, once; `--again` adds another set beside it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from crowd.config import Settings
from crowd.demo.house import House
from crowd.demo.loading import STEPS, load_set, logins_of, sets_loaded
from crowd.store.db import db, transaction, utc_now
from crowd.store.jobs import JobRunner
from crowd.store.secrets import hash_password
from crowd.web.text import uncompiled

demo = AppGroup("demo", help="People, calls and proposals to try everything with.")


@demo.command()
@click.option("--again", is_flag=True, help="Add a fresh set with its own people and calls; nothing else is touched.")
@click.option("--most", type=click.IntRange(min=1), help="At most so many proposals for each call: quicker.")
def load(*, again: bool, most: int | None) -> None:
    """Load the demo; where it is loaded, change nothing."""
    settings: Settings = current_app.extensions["settings"]
    house = fill_house(settings, again=again, most=most)
    click.echo(f"Demo at {settings.base_url}; all of these have the password {settings.demo_password}:")
    for email in logins_of(house):
        click.echo(f"  {email}")


def fill_house(settings: Settings, *, again: bool = False, most: int | None = None) -> House:
    """Load what is missing of the demo, with a bar. Raises ClickException where the translations are not compiled."""
    if missing := uncompiled(Path(current_app.config["BABEL_TRANSLATION_DIRECTORIES"])):
        raise click.ClickException(
            f"The texts in {', '.join(missing)} are not compiled, so mails and notices would be in English. "
            "Run `make install` first; nothing was loaded."
        )
    house = next_house(settings, again=again, most=most)
    password_hash = hash_password(settings.demo_password)
    runner: JobRunner = current_app.extensions["jobs"]
    deliver = next(job.run for job in runner.jobs if job.name == "deliver_events")
    with progress() as step:
        load_set(house, transaction, password_hash=password_hash, deliver=deliver, step=step)
    return house


def next_house(settings: Settings, *, again: bool, most: int | None) -> House:
    """A new set where one is asked for or none is there, else the newest."""
    session = db.session()
    number = sets_loaded(session)
    return House(session, utc_now(), number + 1 if again or number == 0 else number, settings.secret_key, most)


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """A bar on stderr; what is given tells the name of each step as it begins."""
    columns = (TextColumn("Loading the demo"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TextColumn("{task.description}"), console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=STEPS)
        begun = 0

        def step(title: str) -> None:
            nonlocal begun
            bar.update(task, description=title, completed=begun)
            begun += 1

        yield step
        bar.update(task, description="", completed=STEPS)
