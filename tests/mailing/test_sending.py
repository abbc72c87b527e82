"""Mails leave once, say what the server said, and secrets do not outlive their journey."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crowd.core.errors import IllegalMove
from crowd.core.status import MailStatus
from crowd.mailing.actions import Recipient, resend_mail, send_letter
from crowd.mailing.jobs import send_due
from crowd.mailing.models import Mail
from crowd.store.db import transaction, utc_now
from tests.services import Mailbox, links

ADDRESS = "http://localhost/link/abc"


def queue(email: str = "ana@demo.example", *, has_secret: bool = True, once_key: str | None = None) -> Mail:
    context = {"address": ADDRESS, "until": datetime(2026, 5, 12, tzinfo=UTC)}
    with transaction() as session:
        return send_letter(
            session,
            "sign_in",
            Recipient(email, "Ana Prieto", "en"),
            context,
            now=utc_now(),
            has_secret=has_secret,
            once_key=once_key,
        )


@pytest.fixture
def posting(app: Flask, mailbox: Mailbox) -> Iterator[Mailbox]:
    """The application with a real mail server."""
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, mail_url=mailbox.url)
    yield mailbox
    app.extensions["settings"] = settings


def reload(session: Session, mail: Mail) -> Mail:
    return session.get_one(Mail, mail.id, populate_existing=True)


def test_a_mail_leaves_once_and_its_secret_is_wiped(posting: Mailbox, session: Session) -> None:
    mail = queue()
    assert send_due() == 1
    assert send_due() == 0
    assert [links(message)[0] for message in posting.messages] == [ADDRESS]
    assert str(posting.messages[0]["To"]) == "Ana Prieto <ana@demo.example>"
    sent = reload(session, mail)
    assert (sent.status, sent.text, sent.html, sent.error) == (MailStatus.SENT, "", "", "")


def test_a_mail_without_a_secret_stays_readable(posting: Mailbox, session: Session) -> None:
    mail = queue(has_secret=False)
    send_due()
    assert ADDRESS in reload(session, mail).text


def test_a_refused_address_fails_at_once_with_the_servers_words(posting: Mailbox, session: Session) -> None:
    posting.refuse.add("gone@demo.example")
    refused, taken = queue("gone@demo.example"), queue()
    assert send_due() == 1
    assert (reload(session, refused).status, reload(session, refused).error) == (
        MailStatus.FAILED,
        "550 no such mailbox",
    )
    assert reload(session, taken).status is MailStatus.SENT


def test_an_unreachable_server_is_tried_again_later(app: Flask, session: Session) -> None:
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, mail_url="smtp://127.0.0.1:9")
    mail = queue()
    assert send_due() == 0
    app.extensions["settings"] = settings
    waiting = reload(session, mail)
    assert (waiting.status, waiting.attempts) == (MailStatus.QUEUED, 1)
    assert waiting.due_at > utc_now() + timedelta(seconds=30)
    assert "ConnectionRefusedError" in waiting.error


def test_without_a_mail_server_mails_stay_readable_and_are_shown_once(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    mail = queue()
    assert send_due() == 1
    assert ADDRESS in capsys.readouterr().out
    assert send_due() == 0
    assert (reload(session, mail).status, ADDRESS in mail.text) == (MailStatus.QUEUED, True)


def test_a_mail_that_waited_days_for_a_server_is_not_sent_late(posting: Mailbox, session: Session) -> None:
    mail = queue()
    with transaction() as writing:
        writing.execute(update(Mail).values(due_at=utc_now() - timedelta(days=4)))
    assert send_due() == 0
    assert reload(session, mail).status is MailStatus.CANCELLED


def test_an_old_secret_is_wiped_wherever_it_waits(session: Session) -> None:
    mail = queue()
    with transaction() as writing:
        writing.execute(update(Mail).values(created_at=utc_now() - timedelta(days=31)))
    send_due()
    assert reload(session, mail).text == ""


def test_the_same_thing_is_never_mailed_twice(session: Session) -> None:
    first, second = queue(once_key="outcome:1"), queue(once_key="outcome:1")
    assert first.id == second.id
    assert len(session.scalars(select(Mail)).all()) == 1


def test_a_mail_is_sent_again_unless_its_secret_is_gone(posting: Mailbox, session: Session) -> None:
    plain, secret = queue(has_secret=False), queue()
    send_due()
    with transaction(plain) as writing:
        resend_mail(writing, plain, now=utc_now())
    assert send_due() == 1
    with pytest.raises(IllegalMove), transaction(secret) as writing:
        resend_mail(writing, secret, now=utc_now())
