"""`flask import …`: elections that were held elsewhere."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import AppGroup
from flask_babel import force_locale
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from crowd.accounts.queries import LANGUAGES
from crowd.api.actions import Ballots, Imported, ImportRefused, form_of, import_election
from crowd.api.cli.words import words_in
from crowd.calls.gates import find_call
from crowd.core.pabulib import Election, PabError, Vote, read_election
from crowd.core.sheet import SheetError, read_sheet
from crowd.core.status import CallStatus
from crowd.organizations.gates import find_organization
from crowd.organizations.models import Organization
from crowd.proposals.actions.importing import Origin, expected_of, import_rows
from crowd.store.db import db, transaction, utc_now
from crowd.web.errors import sentence

imports = AppGroup("import", help="Bring in what happened elsewhere.")
REFUSED = 2


@imports.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--organization", "slug", required=True, help="The slug of the organization that the call belongs to.")
@click.option(
    "--language",
    type=click.Choice(sorted(LANGUAGES)),
    help="Of what the call says of itself; else the file's own language, or that of the organization.",
)
def pabulib(file: Path, slug: str, language: str | None) -> None:
    """Turn a Pabulib file into a published call at stage results.

    Unknown projects are reported by line and dropped; a file that cannot be read is refused and nothing is stored.
    """
    try:
        done = _import(file, slug, language)
    except PabError as error:
        _refuse(f"{file.name}: {error}")
    except (ImportRefused, OSError) as error:
        _refuse(f"{file.name}: {error.strerror if isinstance(error, OSError) else error}")
    for remark in done.remarks:
        click.echo(remark, err=True)
    click.echo(json.dumps({"call": done.call, "proposals": done.proposals, "ballots": done.ballots}))


def _import(file: Path, slug: str, language: str | None) -> Imported:
    found = find_organization(db.session(), slug)
    if found is None:
        raise ImportRefused(f"there is no organization called {slug}")
    with _progress() as progress:
        with file.open("rb") as lines:
            election = read_election(lines)
            votes = _read_votes(election, progress)
        ballots = Ballots(votes, form_of(election, votes))
        words = words_in(language or _language_of(election, found.row), election, ballots.form, file.name)
        with transaction() as session:
            storing = progress.add_task("Storing", total=len(votes))
            done = import_election(
                session,
                election,
                ballots,
                words,
                organization=found.row,
                now=utc_now(),
                step=lambda stored: progress.advance(storing, stored),
            )
    remarks = (*(str(notice) for notice in election.notices), *done.remarks)
    return Imported(done.call, done.proposals, done.ballots, remarks)


def _language_of(election: Election, organization: Organization) -> str:
    stated = election.meta.get("language", "")
    return stated if stated in LANGUAGES else organization.language


def _read_votes(election: Election, progress: Progress) -> list[Vote]:
    """All ballots, so that a fault in the last line is found before anything is stored."""
    return list(progress.track(election.votes, total=election.declared_votes, description="Reading"))


@contextmanager
def _progress() -> Iterator[Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console) as progress:
        try:
            yield progress
        except BaseException:  # what went wrong is said in one line, without a bar above it
            progress.live.transient = True
            console.quiet = not console.is_terminal
            raise


@imports.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--call", "key", required=True, help="The public id of the call, as in its address.")
@click.option("--dry-run", is_flag=True, help="Only say what is wrong.")
@click.option("--leave-out", is_flag=True, help="Import the lines without a fault.")
@click.option("--tell", is_flag=True, help="Mail the people named with an address a link to take theirs over.")
def proposals(file: Path, key: str, *, dry_run: bool, leave_out: bool, tell: bool) -> None:
    """Hand in the proposals of a table (CSV) in a running call; what was imported before is left as it is."""
    found = find_call(db.session(), key)
    if found is None or found.row.status is not CallStatus.PUBLISHED:
        _refuse(f"there is no running call {key}")
    try:
        sheet = read_sheet(file.read_bytes(), expected_of(found.facts, utc_now()))
    except SheetError as error:
        _refuse(f"{file.name}: {_in_words(error.code, error.values)}")
    except OSError as error:
        _refuse(f"{file.name}: {error.strerror}")
    for fault in sheet.faults:
        click.echo(f"line {fault.line}, {fault.column}: {_in_words(fault.code, dict(fault.values))}", err=True)
    stored = 0
    if not dry_run and (leave_out or not sheet.faults):
        with transaction(found.row) as session:
            stored = import_rows(session, found.row, sheet.rows, Origin(file.name, tell=tell), now=utc_now())
    click.echo(json.dumps({"lines": sheet.lines, "faulty": sheet.faulty_lines, "stored": stored}))
    if sheet.faults and not leave_out:
        sys.exit(REFUSED)


def _in_words(code: str, values: Mapping[str, object]) -> str:
    with force_locale("en"):
        return sentence(code, **values)


def _refuse(words: str) -> NoReturn:
    click.echo(words, err=True)
    sys.exit(REFUSED)
