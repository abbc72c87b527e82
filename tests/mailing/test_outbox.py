"""The outbox in the product: for site administrators only, newest first, readable, with links that work."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.status import MailStatus
from crowd.mailing.actions import Recipient, send_letter
from crowd.mailing.models import Mail
from crowd.store.db import transaction, utc_now
from tests.make import make_account

AsUser = Callable[[Account], FlaskClient]


def write(email: str, token: str) -> Mail:
    context = {"address": f"http://localhost/link/{token}", "until": datetime(2026, 5, 12, tzinfo=UTC)}
    with transaction() as session:
        return send_letter(session, "sign_in", Recipient(email, "Ana", "en"), context, now=utc_now(), has_secret=True)


def test_an_administrator_reads_every_mail_newest_first_with_its_link(as_user: AsUser, session: Session) -> None:
    write("first@demo.example", "one")
    write("second@demo.example", "two")
    page = as_user(make_account("Site Admin", admin=True)).get("/outbox").text
    assert page.index('href="http://localhost/link/two"') < page.index('href="http://localhost/link/one"')
    assert page.index("second@demo.example") < page.index("first@demo.example")


def test_nobody_else_reads_mails(client: FlaskClient, as_user: AsUser, session: Session) -> None:
    mail = write("first@demo.example", "one")
    person = as_user(make_account())
    for path in ("/outbox", f"/outbox/{mail.public_id}"):
        assert client.get(path).status_code == 303
        answer = person.get(path)
        assert (answer.status_code, "link/one" in answer.text) == (403, False)
    assert person.post(f"/outbox/{mail.public_id}/resend").status_code == 403


def test_the_outbox_is_searched_by_address_and_filtered_by_status(as_user: AsUser, session: Session) -> None:
    write("first@demo.example", "one")
    failed = write("per_cent@demo.example", "two")
    with transaction() as writing:
        writing.execute(update(Mail).where(Mail.id == failed.id).values(status=MailStatus.FAILED, error="550 no"))
    admin = as_user(make_account("Site Admin", admin=True))
    assert "link/one" not in admin.get("/outbox?q=PER_").text
    page = admin.get("/outbox?status=failed").text
    assert ("link/two" in page, "link/one" in page, "550 no" in page) == (True, False, True)


def test_a_failed_mail_is_queued_again_and_a_waiting_one_cancelled(as_user: AsUser, session: Session) -> None:
    mail = write("first@demo.example", "one")
    with transaction() as writing:
        writing.execute(update(Mail).values(status=MailStatus.FAILED, error="550 no", attempts=9))
    admin = as_user(make_account("Site Admin", admin=True))
    admin.post(f"/outbox/{mail.public_id}/resend")
    session.refresh(mail)
    assert (mail.status, mail.attempts, mail.error) == (MailStatus.QUEUED, 0, "")
    admin.post(f"/outbox/{mail.public_id}/cancel")
    session.refresh(mail)
    assert mail.status is MailStatus.CANCELLED


def test_a_wiped_mail_says_why_it_is_empty_and_cannot_be_sent_again(as_user: AsUser, session: Session) -> None:
    mail = write("first@demo.example", "one")
    with transaction() as writing:
        writing.execute(update(Mail).values(status=MailStatus.SENT, text="", html=""))
    admin = as_user(make_account("Site Admin", admin=True))
    assert "Its text was wiped after it left." in admin.get(f"/outbox/{mail.public_id}").text
    assert admin.post(f"/outbox/{mail.public_id}/resend").status_code == 409
