"""Sending what is due. Each mail is claimed in one transaction, sent outside of any, and noted in another.

Without a mail server mails stay in the outbox, readable, and are shown once on the console; nothing is wiped there until
`SECRETS_KEPT`, since reading them is the only way in. A mail that waited longer than `FRESH` for a server to be set is
cancelled, not sent late; an administrator may send it again by hand.
"""

import smtplib
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, Policy
from email.utils import format_datetime, formataddr

import structlog
from flask import current_app
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from crowd.config import Settings
from crowd.core.status import MailStatus
from crowd.mailing.models import Mail
from crowd.mailing.smtp import connect
from crowd.store.db import transaction, utc_now

log = structlog.get_logger()

BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
CLAIM_HOLDS = timedelta(minutes=10)
FRESH = timedelta(days=3)
SECRETS_KEPT = timedelta(days=30)
AT_ONE_GO = timedelta(minutes=5)


def send_due() -> int:
    """Send all that is due, for at most five minutes. Returns how many mails left (or were shown on the console)."""
    settings: Settings = current_app.extensions["settings"]
    _wipe_old_secrets(utc_now())
    if not settings.mail_url:
        return _show_on_console()
    _cancel_stale(utc_now())
    post = Post(settings)
    try:
        return _send_all(post, until=utc_now() + AT_ONE_GO)
    finally:
        post.close()


def _send_all(post: "Post", until: datetime) -> int:
    sent = 0
    while utc_now() < until and (claimed := _claim_next(post.settings, utc_now())) is not None:
        mail_id, message = claimed
        fault = post.deliver(message)
        _note(mail_id, fault, utc_now())
        sent += fault is None
    return sent


def _claim_next(settings: Settings, now: datetime) -> tuple[int, EmailMessage] | None:
    claimable = (
        Mail.status == MailStatus.QUEUED,
        Mail.due_at <= now,
        or_(Mail.claimed_at.is_(None), Mail.claimed_at < now - CLAIM_HOLDS),
    )
    with transaction() as session:
        oldest = select(Mail.id).where(*claimable).order_by(Mail.due_at, Mail.id).limit(1).scalar_subquery()
        claim = update(Mail).where(Mail.id == oldest, *claimable).values(claimed_at=now).returning(Mail.id)
        mail_id = session.scalar(claim)
        if mail_id is None:
            return None
        return mail_id, compose(session.get_one(Mail, mail_id, populate_existing=True), settings)


@dataclass(frozen=True)
class Fault:
    """What the mail server said. `final`: it will say the same again."""

    words: str
    final: bool


def _note(mail_id: int, fault: Fault | None, now: datetime) -> None:
    with transaction() as session:
        mail = session.get_one(Mail, mail_id, with_for_update=True, populate_existing=True)
        mail.attempts += 1
        mail.claimed_at = None
        if fault is None:
            mail.status, mail.sent_at, mail.error = MailStatus.SENT, now, ""
            if mail.has_secret:
                mail.text = mail.html = ""
            return
        mail.error = fault.words
        if fault.final or mail.attempts > len(BACKOFF):
            mail.status = MailStatus.FAILED
        else:
            mail.due_at = now + BACKOFF[mail.attempts - 1]


def _cancel_stale(now: datetime) -> None:
    with transaction() as session:
        session.execute(
            update(Mail)
            .where(Mail.status == MailStatus.QUEUED, Mail.attempts == 0, Mail.due_at < now - FRESH)
            .values(status=MailStatus.CANCELLED, error="No mail server was set while this was fresh.")
        )


def _wipe_old_secrets(now: datetime) -> None:
    with transaction() as session:
        session.execute(
            update(Mail)
            .where(Mail.has_secret, Mail.text != "", Mail.created_at < now - SECRETS_KEPT)
            .values(text="", html="")
        )


def _show_on_console() -> int:
    now = utc_now()
    with transaction() as session:
        mails = _unseen(session, now)
        for mail in mails:
            mail.claimed_at = now
    for mail in mails:
        sys.stdout.write(f"\n--- mail to {mail.to_email} · {mail.subject} ---\n{mail.text}---\n")
    sys.stdout.flush()
    return len(mails)


def _unseen(session: Session, now: datetime) -> list[Mail]:
    waiting = select(Mail).where(Mail.status == MailStatus.QUEUED, Mail.due_at <= now, Mail.claimed_at.is_(None))
    return list(session.scalars(waiting.order_by(Mail.id).limit(100).with_for_update(skip_locked=True)))


class WholeLine(UnstructuredHeader, BaseHeader):
    """A header that is not folded: Python encodes an address longer than a line, and no mail program reads it then."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def _policy() -> "EmailPolicy[EmailMessage]":
    registry = HeaderRegistry()
    registry.map_to_type("list-unsubscribe", WholeLine)
    return SMTP.clone(header_factory=registry)


def compose(mail: Mail, settings: Settings) -> EmailMessage:
    """The mail as it leaves: text and HTML, nothing to be fetched from anywhere."""
    message = EmailMessage(policy=_policy())
    message["From"] = formataddr((settings.site_name, settings.sender))
    message["To"] = _address(mail)
    message["Subject"] = mail.subject
    for name, value in _headers(mail, settings):
        message[name] = value
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    message["Content-Language"] = mail.language  # last: setting a content takes away what is said of one before
    return message


def _headers(mail: Mail, settings: Settings) -> Iterator[tuple[str, str]]:
    yield "Date", format_datetime(mail.created_at)
    yield "Message-ID", f"<{mail.public_id}@{settings.hostname}>"
    if mail.thread:  # the first mail of a thread answers to what no mailbox holds, so all of them meet there
        yield "In-Reply-To", f"<{mail.thread}@{settings.hostname}>"
        yield "References", f"<{mail.thread}@{settings.hostname}>"
    yield "Auto-Submitted", "auto-generated"  # RFC 3834: no holiday reply, please
    yield "X-Auto-Response-Suppress", "All"
    if mail.way_out:
        yield "List-Unsubscribe", f"<{settings.base_url}{mail.way_out}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"


def _address(mail: Mail) -> str | Address:
    with suppress(ValueError, IndexError):
        return Address(mail.to_name, addr_spec=mail.to_email)
    return mail.to_email


class Post:
    """One connection to the mail server, opened when first needed and again after it was lost."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._server: smtplib.SMTP | None = None

    def deliver(self, message: EmailMessage) -> Fault | None:
        try:
            self._server = self._server or connect(self.settings.mail_url)
            self._server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            return _fault(code, words)
        except smtplib.SMTPResponseException as error:
            self.close()
            return _fault(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self.close()
            log.warning("mail server", fault=str(error))
            return Fault(f"{type(error).__name__}: {error}"[:2000], final=isinstance(error, ValueError))
        return None

    def close(self) -> None:
        if self._server is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._server.quit()
        self._server = None


def _fault(code: int, words: bytes | str) -> Fault:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return Fault(f"{code} {text}"[:2000], final=500 <= code < 600)
