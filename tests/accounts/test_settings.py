"""One's own settings: kept as typed, told where wrong, and nobody else's."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.mailing.models import Mail
from crowd.store.db import transaction
from crowd.store.secrets import hash_password
from tests.make import make_account

AsUser = Callable[[Account], FlaskClient]
PROFILE = {
    "name": "ليلى حسن",
    "bio": "I plant **trees**.",
    "links": "https://one.example\n\nhttps://two.example/a",
    "language": "es",
    "time_zone": "America/Mexico_City",
    "profile_public": "y",
}


def test_settings_are_saved_and_shown_again_as_typed(as_user: AsUser, session: Session) -> None:
    account = make_account()
    client = as_user(account)
    assert client.post("/settings", data=PROFILE).status_code == 303
    session.refresh(account)
    assert account.links == ["https://one.example", "https://two.example/a"]
    assert (account.language, account.time_zone, account.profile_public) == ("es", "America/Mexico_City", True)
    page = client.get("/settings").text
    assert "https://one.example\nhttps://two.example/a</textarea>" in page
    assert "I plant **trees**.</textarea>" in page


def test_saving_the_page_unchanged_changes_nothing(as_user: AsUser, session: Session) -> None:
    account = make_account()
    account_before = (account.name, account.bio, account.links, account.language, account.time_zone)
    page = as_user(account).get("/settings").text
    assert 'name="links"' in page
    assert "[]</textarea>" not in page
    assert account_before == (account.name, account.bio, account.links, account.language, account.time_zone)


def test_a_profile_can_be_hidden(as_user: AsUser, client: FlaskClient, session: Session) -> None:
    account = make_account("Iris Okafor")
    assert client.get(f"/people/{account.public_id}").status_code == 200
    as_user(account).post("/settings", data={k: v for k, v in PROFILE.items() if k != "profile_public"})
    assert client.get(f"/people/{account.public_id}").status_code == 404


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("links", "javascript:alert(1)"),
        ("links", "\n".join(["https://a.example"] * 11)),
        ("name", ""),
        ("language", "xx"),
        ("time_zone", "Mars/Base"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_saved(
    as_user: AsUser, session: Session, name: str, value: str
) -> None:
    account = make_account("Iris Okafor")
    answer = as_user(account).post("/settings", data=PROFILE | {name: value})
    session.refresh(account)
    assert (answer.status_code, f'id="{name}-error"' in answer.text) == (422, True)
    assert "I plant **trees**." in answer.text
    assert account.name == "Iris Okafor"


def with_password(account: Account, password: str) -> Account:
    with transaction(account):
        account.password_hash = hash_password(password)
    return account


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(
    app: Flask, as_user: AsUser, session: Session
) -> None:
    account = with_password(make_account(), "a quiet garden")
    here, elsewhere = as_user(account), as_user(account)
    data = {"current_password": "a quiet garden", "new_password": "a loud garden"}
    assert here.post("/settings/password", data=data).status_code == 303
    assert (here.get("/settings").status_code, elsewhere.get("/settings").status_code) == (200, 303)
    assert session.scalars(select(Mail.kind)).all() == ["password_changed"]
    entry = {"email": account.email, "password": "a loud garden"}
    assert app.test_client().post("/sign-in", data=entry).status_code == 303


def test_the_current_password_must_be_known(as_user: AsUser, session: Session) -> None:
    account = with_password(make_account(), "a quiet garden")
    before = account.password_hash
    answer = as_user(account).post(
        "/settings/password", data={"current_password": "a guess", "new_password": "a loud garden"}
    )
    session.refresh(account)
    assert (answer.status_code, "This is not your current password." in answer.text) == (422, True)
    assert account.password_hash == before


def test_whoever_has_no_password_sets_one_without_a_current_one(as_user: AsUser, session: Session) -> None:
    account = make_account()
    assert as_user(account).post("/settings/password", data={"new_password": "a loud garden"}).status_code == 303
    session.refresh(account)
    assert account.password_hash is not None
