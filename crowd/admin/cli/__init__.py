"""`flask doctor`: says in words what is wrong with an installation."""

import sys

import click
from alembic.util import CommandError
from flask import current_app
from flask.cli import with_appcontext
from redis import RedisError
from sqlalchemy.exc import SQLAlchemyError

from crowd.admin.cli.checks import CHECKS, Check, Finding, Mark
from crowd.config import Settings

FAULTS = (SQLAlchemyError, CommandError, RedisError, OSError, ValueError)
"""What an installation that is not right raises when it is looked at."""
SIGNS = {Mark.GOOD: "ok     ", Mark.NOTE: "note   ", Mark.WRONG: "WRONG  "}


@click.command()
@with_appcontext
def doctor() -> None:
    """Look at database, migrations, mail, storage, jobs, clock, secret, address, disk. Exit code 1 if something is wrong."""
    settings: Settings = current_app.extensions["settings"]
    findings = [finding for check in CHECKS for finding in _look(check, settings)]
    for finding in findings:
        click.echo(f"{SIGNS[finding.mark]}{finding.subject}: {finding.words}")
    wrong = sum(finding.mark is Mark.WRONG for finding in findings)
    click.echo(f"\n{wrong} of {len(findings)} checks found something wrong." if wrong else "\nAll is well.")
    sys.exit(1 if wrong else 0)


def _look(check: Check, settings: Settings) -> list[Finding]:
    try:
        return check(settings)
    except FAULTS as error:
        subject = check.__name__.removeprefix("check_").replace("_", " ")
        return [Finding(Mark.WRONG, subject, f"{type(error).__name__}: {error}".splitlines()[0])]
