"""Sessions are rows: listed, ended one by one, told of when they are new; their cost stays small."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crowd.accounts.models import Account, BrowserSession
from crowd.mailing.models import Mail
from crowd.store.db import transaction, utc_now
from crowd.store.secrets import hash_password
from tests.conftest import AsUser, CountQueries
from tests.make import make_account

PASSWORD = "a quiet garden"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile/15E148 Safari/604.1"


@pytest.fixture
def ana(session: Session) -> Account:
    account = make_account("Ana", email="ana@demo.example")
    with transaction(account):
        account.password_hash = hash_password(PASSWORD)
    return account


def enter(client: FlaskClient, **headers: str) -> int:
    data = {"email": "ana@demo.example", "password": PASSWORD}
    return client.post("/sign-in", data=data, headers=headers).status_code


def is_in(client: FlaskClient) -> bool:
    return client.get("/settings").status_code == 200


def told_of(session: Session) -> list[Mail]:
    return list(session.scalars(select(Mail).where(Mail.kind == "new_device").order_by(Mail.id)))


def test_a_new_browser_is_told_by_mail_but_not_the_first_nor_one_that_comes_back(
    app: Flask, ana: Account, session: Session
) -> None:
    desk, phone = app.test_client(), app.test_client()
    assert enter(desk) == 303
    assert told_of(session) == []
    assert enter(phone, user_agent=PHONE) == 303
    (mail,) = told_of(session)
    assert (mail.to_email, "Safari on iPhone" in mail.text, mail.has_secret) == ("ana@demo.example", True, True)
    for browser in (desk, phone):
        browser.post("/sign-out")
        assert not is_in(browser)
        assert enter(browser) == 303
    assert len(told_of(session)) == 1


def test_it_was_not_me_ends_every_session_and_the_password_and_leads_to_a_new_one(
    app: Flask, ana: Account, session: Session
) -> None:
    desk, thief, mailbox = app.test_client(), app.test_client(), app.test_client()
    enter(desk)
    enter(thief)
    link = re.search(r"/link/[\w-]+", told_of(session)[0].text)
    assert link is not None
    assert "End all sessions" in mailbox.get(link[0]).text
    assert (is_in(desk), is_in(thief)) == (True, True)
    answer = mailbox.post(link[0])
    assert (answer.status_code, "/link/" in answer.location) == (303, True)
    assert (is_in(desk), is_in(thief), enter(thief)) == (False, False, 422)
    reset = answer.location.removeprefix("http://localhost")
    assert mailbox.post(reset, data={"new_password": "another garden"}).status_code == 303
    assert is_in(mailbox)
    assert mailbox.post(link[0]).status_code == 410


def test_sessions_are_listed_and_ended_one_by_one_or_all_others(app: Flask, ana: Account, session: Session) -> None:
    here, phone, third = app.test_client(), app.test_client(), app.test_client()
    for client, agent in ((here, "Firefox/140 Linux"), (phone, PHONE), (third, "Chrome/140 Windows")):
        enter(client, user_agent=agent)
    page = here.get("/settings/sessions").text
    assert [words in page for words in ("Firefox on Linux", "Safari on iPhone", "Chrome on Windows")] == [True] * 3
    assert (page.count("this browser"), page.count('/end"')) == (1, 2)
    row = session.scalars(select(BrowserSession).where(BrowserSession.system == "iPhone")).one()
    assert here.post(f"/settings/sessions/{row.public_id}/end").status_code == 303
    assert [is_in(client) for client in (here, phone, third)] == [True, False, True]
    assert here.post("/settings/sessions/end-others").status_code == 303
    assert [is_in(client) for client in (here, phone, third)] == [True, False, False]


def test_nobody_ends_a_session_of_somebody_else(as_user: AsUser, session: Session) -> None:
    ana, bo = make_account("Ana"), make_account("Bo")
    anas, bos = as_user(ana), as_user(bo)
    row = session.scalars(select(BrowserSession).where(BrowserSession.account_id == ana.id)).one()
    assert bos.post(f"/settings/sessions/{row.public_id}/end").status_code == 404
    assert anas.get("/settings").status_code == 200


def test_the_last_use_is_written_once_in_five_minutes_and_costs_no_question(
    as_user: AsUser, session: Session, count_queries: CountQueries
) -> None:
    client = as_user(make_account())
    with count_queries() as fresh:
        client.get("/settings/sessions")
    assert [words for words in fresh if words.lstrip().startswith("UPDATE")] == []
    assert sum("browser_sessions" in words and "accounts" in words for words in fresh) == 1
    with transaction() as writing:
        writing.execute(update(BrowserSession).values(used_at=utc_now() - timedelta(minutes=6)))
    with count_queries() as statements:
        for _ in range(3):
            client.get("/settings/sessions")
    assert len([words for words in statements if words.lstrip().startswith("UPDATE")]) == 1


def test_a_session_that_was_not_used_for_a_month_is_over(as_user: AsUser, session: Session) -> None:
    client = as_user(make_account())
    with transaction() as writing:
        writing.execute(update(BrowserSession).values(used_at=utc_now() - timedelta(days=32)))
    assert client.get("/settings").status_code == 303


def test_the_cookie_alone_is_no_key(app: Flask, ana: Account, session: Session) -> None:
    """What the database holds opens nothing."""
    enter(app.test_client())
    row = session.scalars(select(BrowserSession)).one()
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie.update(_user_id=row.key_hash, _fresh=True)
    assert not is_in(thief)
