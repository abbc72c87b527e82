"""Signing in and out by password, and where one goes on to."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.store.db import transaction, utc_now
from crowd.store.secrets import hash_password
from tests.make import make_account

PASSWORD = "a quiet garden"


def person(email: str = "ana@demo.example", name: str = "Ana Prieto") -> Account:
    account = make_account(name, email=email)
    with transaction(account):
        account.password_hash = hash_password(PASSWORD)
    return account


def sign_in(client: FlaskClient, email: str = "ana@demo.example", password: str = PASSWORD, **more: str) -> str:
    """Where the answer leads, or the words of its errors."""
    response = client.post("/sign-in", data={"email": email, "password": password, **more})
    if response.status_code == 303:
        return response.headers["Location"]
    assert response.status_code in {422, 429}
    return response.text


def test_a_person_signs_in_in_any_letter_case_and_out(client: FlaskClient, session: Session) -> None:
    person()
    assert sign_in(client, "Ana@Demo.Example ") == "/"
    assert "Sign out" in client.get("/").text
    assert client.post("/sign-out").headers["Location"] == "/"
    assert "Sign out" not in client.get("/").text


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: FlaskClient, session: Session) -> None:
    person()
    wrong = sign_in(client, password="not the garden")
    unknown = sign_in(client, "nobody@demo.example", "not the garden")
    assert "The address or the password is not right." in wrong
    pages = [re.sub(r'name="csrf_token"[^>]*', "", page) for page in (wrong.replace("ana@", "nobody@"), unknown)]
    assert pages[0] == pages[1]


def test_a_blocked_account_is_told_no_more_than_a_stranger(client: FlaskClient, session: Session) -> None:
    account = person()
    with transaction(account):
        account.blocked_at = utc_now()
    assert "The address or the password is not right." in sign_in(client)


def test_blocking_ends_a_session(client: FlaskClient, session: Session) -> None:
    account = person()
    sign_in(client)
    with transaction(account):
        account.blocked_at = utc_now()
    assert "Sign out" not in client.get("/").text


def test_the_typed_address_is_kept_and_the_password_is_not(client: FlaskClient, session: Session) -> None:
    page = sign_in(client, password="")
    assert 'value="ana@demo.example"' in page
    assert "This is needed." in page


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "/a\nb", "javascript:alert(1)", ""]
)
def test_one_never_goes_on_to_another_site(client: FlaskClient, session: Session, target: str) -> None:
    person()
    assert sign_in(client, next=target) == "/"


def test_the_link_in_the_header_leads_back_to_where_it_was_pressed(client: FlaskClient, session: Session) -> None:
    person()
    page = client.get("/sign-in", headers={"Referer": "http://localhost/calls?stage=voting&q=a"}).text
    target = re.search(r'name="next"[^>]*value="([^"]*)"', page)
    assert target is not None
    assert sign_in(client, next=target[1].replace("&amp;", "&")) == "/calls?stage=voting&q=a"


def test_a_header_link_from_another_site_leads_to_the_start_page(client: FlaskClient) -> None:
    page = client.get("/sign-in", headers={"Referer": "http://evil.example/calls"}).text
    assert re.search(r'name="next"[^>]*value="/"', page)


def test_the_way_back_survives_going_from_signing_in_to_signing_up(client: FlaskClient) -> None:
    page = client.get("/sign-up", headers={"Referer": "http://localhost/sign-in?next=/calls/abc"}).text
    assert re.search(r'name="next"[^>]*value="/calls/abc"', page)


def test_a_signed_in_person_has_no_need_of_the_page(client: FlaskClient, session: Session) -> None:
    person()
    sign_in(client)
    assert client.get("/sign-in?next=/settings").headers["Location"] == "/settings"


def test_a_page_for_the_signed_in_asks_to_sign_in_and_comes_back(client: FlaskClient, session: Session) -> None:
    person()
    assert client.get("/settings").headers["Location"] == "/sign-in?next=/settings"
    assert sign_in(client, next="/settings") == "/settings"
    assert client.get("/settings").status_code == 200


def test_ones_own_language_holds_after_signing_in(client: FlaskClient, session: Session) -> None:
    account = person()
    with transaction(account):
        account.language = "es"
    client.post("/language", data={"locale": "en"})
    sign_in(client)
    assert '<html lang="es"' in client.get("/settings").text
