"""Mails as they leave and as their readers see them: headers, the way out, the page in the product."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.actions import recipient_of
from crowd.accounts.models import Account
from crowd.core.notices import BY_KEY, LETTERS, is_optional
from crowd.mailing.actions import send_letter
from crowd.mailing.jobs import compose
from crowd.mailing.letters import Recipient, write_letter
from crowd.mailing.models import Mail
from crowd.notifications.models import Preference
from crowd.store.db import transaction, utc_now
from tests.architecture.test_templates import TEMPLATES
from tests.conftest import AsUser, CountQueries
from tests.make import make_account

QUERIES_OF_MINE = 4
CLICK = {"List-Unsubscribe": "One-Click"}
ABOUT = {
    "path": "/proposals/abc",
    "proposal": "שלום 12 (b)",
    "call": "Garden",
    "reason": "",
    "until": None,
    "zone": None,
}


def send(to: Account, kind: str = "comment_on_mine", *, secret: bool = False) -> Mail:
    with transaction() as session:
        return send_letter(
            session,
            kind,
            recipient_of(to),
            {**ABOUT, "letter": "", "target": "selected"},
            now=utc_now(),
            has_secret=secret,
            thread="comments-7",
        )


@pytest.fixture
def https(app: Flask) -> Iterator[Flask]:
    """A site with a long name, as addresses in headers must stay whole."""
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(
        settings, base_url="https://open-calls.a-rather-long-name-of-a-city.example.org"
    )
    yield app
    app.extensions["settings"] = settings


def composed(app: Flask, mail: Mail) -> tuple[EmailMessage, str]:
    message = compose(mail, app.extensions["settings"])
    return message, message.as_bytes().decode()


def test_every_mail_template_stands_in_one_table_and_says_why_it_comes() -> None:
    letters = {path.stem for path in TEMPLATES.glob("mails/*.txt") if not path.stem.startswith("_")}
    kinds = {key for key, kind in BY_KEY.items() if any(channel.value == "at_once" for channel in kind.offers)}
    assert letters == kinds | set(LETTERS)


def test_an_optional_mail_carries_its_way_out_on_one_line_and_a_thread(https: Flask, session: Session) -> None:
    mail = send(make_account())
    message, raw = composed(https, mail)
    assert re.search(
        r"^List-Unsubscribe: <https://\S+/unsubscribe/\S+\.comment_on_mine\.[0-9a-f]{32}>\r$", raw, re.MULTILINE
    )
    names = ("List-Unsubscribe-Post", "Auto-Submitted", "Content-Language", "References", "In-Reply-To")
    host = "open-calls.a-rather-long-name-of-a-city.example.org"
    thread = f"<comments-7@{host}>"
    assert [str(message[name]) for name in names] == [
        "List-Unsubscribe=One-Click",
        "auto-generated",
        "en",
        thread,
        thread,
    ]
    assert (str(message["Message-ID"]), bool(message["Date"])) == (f"<{mail.public_id}@{host}>", True)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert max(len(words) for words in raw.splitlines()) < 998


def test_a_mail_that_must_come_offers_no_way_out_and_says_why(https: Flask, session: Session) -> None:
    for kind, why in (("outcome", "a decision about your own proposal"), ("outcome_corrected", "a decision")):
        mail = send(make_account(), kind)
        message, raw = composed(https, mail)
        assert "List-Unsubscribe" not in message
        assert "/unsubscribe/" not in raw
        assert why in mail.text


def test_nothing_in_a_mail_is_fetched_and_a_hebrew_title_does_not_turn_the_line_round(session: Session) -> None:
    mail = send(make_account("ليلى (7)"))
    assert re.findall(r"<img|<link|url\(|<script", mail.html) == []
    assert "\u2068שלום 12 (b)\u2069" in mail.subject
    assert "“\u2068שלום 12 (b)\u2069”" in mail.text
    assert '<html lang="en">' in mail.html


def test_one_click_stops_one_kind_without_signing_in_or_a_form_token(app: Flask, session: Session) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    account = make_account()
    path, visitor = send(account).way_out, app.test_client()
    assert visitor.get(path).status_code == 200
    assert session.scalars(select(Preference.id)).all() == []
    assert [visitor.post(path, data=CLICK).status_code for _ in range(2)] == [200, 200]
    (choice,) = session.scalars(select(Preference))
    assert (choice.account_id, choice.kind, choice.channel.value) == (account.id, "comment_on_mine", "product")


def test_a_way_out_fits_one_person_and_one_kind(app: Flask, session: Session) -> None:
    ana, bo, visitor = make_account("Ana"), make_account("Bo"), app.test_client()
    path = send(ana).way_out
    forged = [
        path.replace(ana.public_id, bo.public_id),
        path.replace("comment_on_mine", "answer_to_mine"),
        path[:-1] + ("0" if path[-1] != "0" else "1"),
        path.rpartition(".")[0],
        path.replace("comment_on_mine", "outcome"),
        "/unsubscribe/x",
        "/unsubscribe/é.é.é",
    ]
    assert [visitor.post(one, data=CLICK).status_code for one in forged] == [404] * len(forged)
    assert session.scalars(select(Preference.id)).all() == []
    answers = [visitor.get("/unsubscribe/a.b.c").status_code for _ in range(60)]
    assert (answers[0], answers[-1]) == (404, 429)
    assert visitor.post(path, data=CLICK).status_code == 200


def test_stopping_the_digest_stops_daily_and_weekly_mails(as_user: AsUser, app: Flask, session: Session) -> None:
    account = make_account()
    chosen = {
        "comment_on_mine": "daily",
        "answer_to_mine": "weekly",
        "voting_opens": "at_once",
        "results_published": "off",
    }
    as_user(account).post("/settings/notifications", data=chosen)
    with transaction() as writing:
        context = {"parts": [], "count": 2, "sentence": None}
        mail = send_letter(writing, "digest", recipient_of(account), context, now=utc_now())
    assert app.test_client().post(mail.way_out, data=CLICK).status_code == 200
    kept = {row.kind: row.channel.value for row in session.scalars(select(Preference))}
    assert kept == {"comment_on_mine": "product", "answer_to_mine": "product", "results_published": "off"}


def test_a_mail_is_read_in_the_browser_by_its_reader_alone(as_user: AsUser, app: Flask, session: Session) -> None:
    ana, bo = make_account("Ana"), make_account("Bo", admin=True)
    mail = send(ana)
    path = re.search(r"http://localhost(/mails/\w+)", mail.text)
    assert path is not None
    page = as_user(ana).get(path[1])
    assert (page.status_code, "Somebody has commented" in page.text) == (200, True)
    assert as_user(bo).get(path[1]).status_code == 404
    assert app.test_client().get(path[1]).headers["Location"] == f"/sign-in?next={path[1]}"
    assert mail.subject in as_user(ana).get("/mails").text


def test_a_private_link_is_not_shown_in_the_browser(as_user: AsUser, session: Session) -> None:
    ana = make_account("Ana")
    mail = send(ana, secret=True)
    assert f"/mails/{mail.public_id}" not in mail.text
    page = as_user(ana).get(f"/mails/{mail.public_id}").text
    assert "holds a private link" in page
    assert "Somebody has commented" not in page


def test_somebody_without_an_account_gets_no_way_out_that_would_lead_nowhere(session: Session) -> None:
    assert is_optional("comment_on_mine")
    letter = write_letter("comment_on_mine", Recipient("a@demo.example", "A", "en"), ABOUT)
    assert "/unsubscribe" not in letter.text


@pytest.mark.parametrize("count", [1, 3, 65])
def test_a_persons_own_mails_are_paged_each_once_with_the_same_questions(
    app: Flask, session: Session, as_user: AsUser, count_queries: CountQueries, count: int
) -> None:
    account, other = make_account(), make_account()
    sent = [send(account).public_id for _ in range(count)]
    send(other)
    reader, address, seen = as_user(account), "/mails", []
    reader.get(address)  # notes that this browser is in use
    while address:
        with count_queries() as queries:
            page = reader.get(address).text
        assert len(queries) == QUERIES_OF_MINE
        seen += re.findall(r'<a href="/mails/(\w+)"', page)
        following = re.search(r'href="(/mails\?after=[^"]+)"', page)
        address = following[1] if following else ""
    assert seen == sent[::-1]


def test_mails_to_a_person_stand_by_their_dates_and_none_is_lost_between_pages(
    as_user: AsUser, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crowd.mailing.queries.SIZE", 2)
    ana = make_account("Ana")
    written = [send(ana) for _ in range(5)]
    with transaction() as writing:
        for mail, days in zip(written, (4, 0, 4, 9, 2), strict=True):
            writing.get_one(Mail, mail.id).created_at -= timedelta(days=days)
    client, path, shown = as_user(ana), "/mails", []
    while path:
        page = client.get(path).text
        shown += re.findall(r"/mails/(\w+)\"", page)
        following = re.search(r'href="(/mails\?after=[^"]+)"', page)
        path = following[1] if following else ""
    assert shown == [written[place].public_id for place in (1, 4, 2, 0, 3)]
