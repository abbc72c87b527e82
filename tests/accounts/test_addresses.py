"""Another address: proven at the new one, told to the old one with a way back, and no door to find out who has an account."""

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.mailing.models import Mail
from crowd.store.db import transaction
from crowd.store.secrets import hash_password
from tests.conftest import AsUser, Drain
from tests.make import make_account

NEW = "ana.new@demo.example"


def ask(client: FlaskClient, email: str = NEW, **more: str) -> str:
    """The page that answers, without what differs by the second and by what was typed."""
    answer = client.post("/settings/address", data={"email": email, **more})
    text = re.sub(r'(name="csrf_token" value=)"[^"]*"', r"\1", answer.text)
    return text.replace(email, "ADDRESS") if answer.status_code == 200 else str(answer.status_code)


def mails(session: Session) -> list[tuple[str, str]]:
    return [(mail.kind, mail.to_email) for mail in session.scalars(select(Mail).order_by(Mail.id))]


def link_to(session: Session, email: str, kind: str) -> str:
    newest = select(Mail).where(Mail.to_email == email, Mail.kind == kind).order_by(Mail.id.desc())
    found = re.search(r"/link/[\w-]+", session.scalars(newest).first().text)  # type: ignore[union-attr]
    assert found is not None
    return found[0]


def test_an_address_changes_when_the_new_one_is_proven_and_can_be_taken_back(
    app: Flask, as_user: AsUser, session: Session, drain: Drain
) -> None:
    ana = make_account("Ana", email="ana@demo.example")
    with transaction(ana):
        ana.password_hash = hash_password("a quiet garden")
    client = as_user(ana)
    assert ask(client, current_password="a guess") == "422"
    assert "Open the link" in ask(client, current_password="a quiet garden")
    assert (ana.email, mails(session)) == ("ana@demo.example", [("new_address", NEW)])
    link = link_to(session, NEW, "new_address")
    assert client.get(link).status_code == 200
    assert client.post(link).status_code == 303
    drain()
    session.refresh(ana)
    assert (ana.email, ana.email_folded) == (NEW, NEW)
    assert mails(session)[1] == ("old_address", "ana@demo.example")

    joining = {"name": "Squatter", "email": "ana@demo.example", "password": "a loud garden", "accept": "y"}
    assert app.test_client().post("/sign-up", data=joining).status_code == 200
    assert mails(session)[-1] == ("address_taken", "ana@demo.example")

    mailbox, back = app.test_client(), link_to(session, "ana@demo.example", "old_address")
    assert "Take it back" in mailbox.get(back).text
    answer = mailbox.post(back)
    session.refresh(ana)
    assert (ana.email, "/link/" in answer.location) == ("ana@demo.example", True)
    assert (ana.password_hash or "") == ""
    assert client.get("/settings").status_code == 303
    assert mailbox.post(back).status_code == 410


def test_nobody_finds_out_by_it_which_addresses_have_an_account(as_user: AsUser, session: Session) -> None:
    make_account("Bo", email="bo@demo.example")
    client = as_user(make_account("Ana", email="ana@demo.example"))
    assert ask(client, "Bo@demo.example") == ask(client, "free@demo.example")
    assert mails(session) == [("address_taken", "Bo@demo.example"), ("new_address", "free@demo.example")]
    assert ask(client, "ANA@demo.example") == "422"


def test_whoever_opens_the_link_must_hold_the_account(app: Flask, as_user: AsUser, session: Session) -> None:
    """Else a stranger could give their account the address of somebody who presses unknown links."""
    stranger, victim = make_account("Sven"), as_user(make_account("Vera"))
    ask(as_user(stranger))
    link = link_to(session, NEW, "new_address")
    for browser in (app.test_client(), victim):
        assert "Sign in to that account first" in browser.get(link).text
        assert browser.post(link).status_code == 403
    session.refresh(stranger)
    assert stranger.email != NEW


def test_two_who_ask_for_one_address_do_not_both_get_it(as_user: AsUser, session: Session) -> None:
    people = [make_account("Ana"), make_account("Bo")]
    clients = [as_user(person) for person in people]
    links = []
    for client in clients:
        ask(client)
        links.append(link_to(session, NEW, "new_address"))
    answers = [client.post(link).status_code for client, link in zip(clients, links, strict=True)]
    assert answers == [303, 410]
    assert [a.email == NEW for a in session.scalars(select(Account).order_by(Account.id))] == [True, False]


def test_asking_is_slowed(as_user: AsUser, session: Session) -> None:
    client = as_user(make_account("Ana"))
    assert [len(ask(client)) > 3 for _ in range(7)] == [True] * 6 + [False]
