"""`flask doctor` says in words what is wrong, and `flask users create-admin` lets the first person in."""

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.config import Settings
from crowd.core.events import EventKind
from crowd.mailing.models import Mail
from crowd.store.db import transaction, utc_now
from crowd.store.events import record
from crowd.store.models import JobRun
from tests.make import make_account
from tests.services import Mailbox


@pytest.fixture
def running(app: Flask, session: Session) -> None:
    """As if the job runner had just swept."""
    with transaction() as writing:
        writing.add(JobRun(name="deliver_events", finished_at=utc_now()))


def doctor(app: Flask, **changes: object) -> tuple[int, str]:
    settings: Settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, **changes)  # type: ignore[arg-type]
    try:
        result = app.test_cli_runner().invoke(args=["doctor"])
    finally:
        app.extensions["settings"] = settings
    return result.exit_code, result.output


@pytest.mark.usefixtures("running")
def test_all_is_well_with_a_note_on_the_missing_mail_server(app: Flask) -> None:
    code, words = doctor(app)
    assert code == 0, words
    assert "ok     database: answers" in words
    assert "ok     migrations: at" in words
    assert "note   mail: no server is set (APERTURA_MAIL_URL): mails wait in /outbox" in words
    assert words.endswith("All is well.\n")


def test_a_missing_job_runner_is_wrong(app: Flask, session: Session) -> None:
    code, words = doctor(app)
    assert code == 1
    assert "WRONG  jobs: no job has finished yet: start `flask serve`" in words


@pytest.mark.usefixtures("running")
def test_a_database_behind_the_program_is_wrong(app: Flask, session: Session) -> None:
    with transaction() as writing:
        revision = writing.scalar(text("SELECT version_num FROM alembic_version"))
        writing.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    code, words = doctor(app)
    with transaction() as writing:
        writing.execute(text("UPDATE alembic_version SET version_num = :old").bindparams(old=revision))
    assert code == 1
    assert f"WRONG  migrations: the database is at 0000, the program at {revision}: run `flask db upgrade`" in words


@pytest.mark.usefixtures("running")
def test_mail_is_tried(app: Flask, mailbox: Mailbox) -> None:
    assert "ok     mail: 127.0.0.1 answers" in doctor(app, mail_url=mailbox.url)[1]
    code, words = doctor(app, mail_url="smtp://127.0.0.1:9")
    assert (code, "WRONG  mail: 127.0.0.1 does not take mail" in words) == (1, True)


@pytest.mark.usefixtures("running")
def test_an_https_site_without_a_trusted_proxy_is_wrong(app: Flask) -> None:
    code, words = doctor(app, base_url="https://127.0.0.1:9")
    assert (code, "APERTURA_TRUSTED_PROXIES is 0" in words) == (1, True)
    assert doctor(app, base_url="https://127.0.0.1:9", trusted_proxies=1)[0] == 0


@pytest.mark.usefixtures("running")
def test_a_folder_that_cannot_be_written_is_wrong(app: Flask) -> None:
    code, words = doctor(app, storage_url="file:///dev/null/files")
    assert (code, "WRONG  storage: /dev/null/files takes no files" in words) == (1, True)


@pytest.mark.usefixtures("running")
def test_looking_makes_no_folder_that_others_could_not_write_to(app: Flask, tmp_path: Path) -> None:
    place = tmp_path / "files" / "uploads"
    code, words = doctor(app, storage_url=f"file://{place}")
    assert (code, f"note   storage: {place} is not there yet" in words) == (0, True)
    assert list(tmp_path.iterdir()) == []
    place.mkdir(parents=True)
    assert f"ok     storage: {place} takes files" in doctor(app, storage_url=f"file://{place}")[1]
    assert list(place.iterdir()) == []


@pytest.mark.usefixtures("running")
def test_a_secret_that_others_can_read_is_wrong(app: Flask, settings: Settings) -> None:
    path = settings.data / "keys" / "secret_key"
    path.parent.mkdir(exist_ok=True)
    path.write_text("k" * 40)
    for mode, wrong in ((0o644, True), (0o600, False)):
        os.chmod(path, mode)  # noqa: PTH101
        assert (f"WRONG  secret: others can read {path}" in doctor(app)[1]) is wrong
    path.unlink()


@pytest.mark.usefixtures("running")
def test_a_clock_that_is_late_is_wrong(app: Flask, session: Session) -> None:
    with transaction() as writing:
        record(writing, EventKind.ORGANIZATION_EDITED, now=utc_now().replace(year=utc_now().year + 1))
    code, words = doctor(app)
    assert (code, "this machine's clock is late" in words) == (1, True)


def create_admin(app: Flask, email: str) -> str:
    result = app.test_cli_runner().invoke(args=["users", "create-admin", email])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_first_administrator_comes_in_by_the_printed_link(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    printed = re.search(r"http://localhost(/link/\S+)", create_admin(app, "chief@demo.example"))
    assert printed is not None
    assert client.post(printed[1]).headers["Location"] == "/accept?next=/admin"
    assert client.get("/admin").status_code == 200
    assert client.post(printed[1]).status_code == 410


def test_an_existing_account_becomes_administrator(app: Flask, session: Session) -> None:
    account = make_account(email="ana@demo.example", verified=False)
    create_admin(app, "Ana@demo.example")
    session.refresh(account)
    assert (account.is_admin, account.verified_at is not None) == (True, True)
    assert len(session.scalars(select(Account)).all()) == 1


def test_with_a_mail_server_the_link_is_mailed_and_not_printed(app: Flask, session: Session) -> None:
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, mail_url="smtp://127.0.0.1:9")
    words = create_admin(app, "chief@demo.example")
    app.extensions["settings"] = settings
    assert "/link/" not in words
    assert "/link/" in session.scalars(select(Mail.text)).one()


def test_no_address_no_administrator(app: Flask, session: Session) -> None:
    result = app.test_cli_runner().invoke(args=["users", "create-admin", "nobody"])
    assert result.exit_code == 2
    assert session.scalars(select(Account)).all() == []
