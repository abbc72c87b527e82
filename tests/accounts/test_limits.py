"""Whoever guesses passwords is slowed; whoever is behind the same address, or owns the account, is not shut out."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.config import Settings
from crowd.factory import create_app
from crowd.mailing.models import Mail
from crowd.store.db import db
from crowd.store.limits import network_of
from crowd.store.models import Attempt
from tests.accounts.test_signing_in import PASSWORD, person, sign_in

SLOWED = "Too many wrong passwords."


def fail(client: FlaskClient, times: int, email: str = "ana@demo.example", **options: Any) -> list[bool]:
    """For each wrong try, whether it was slowed."""
    data = {"email": email, "password": "a wrong guess"}
    return [SLOWED in client.post("/sign-in", data=data, **options).text for _ in range(times)]


def from_address(address: str) -> dict[str, Any]:
    return {"environ_overrides": {"REMOTE_ADDR": address}}


def test_an_attacker_is_slowed_after_eight_wrong_passwords(client: FlaskClient, session: Session) -> None:
    person()
    assert fail(client, 10) == [False] * 8 + [True] * 2


def test_even_the_right_password_waits_where_too_many_were_wrong(client: FlaskClient, session: Session) -> None:
    person()
    fail(client, 8)
    assert SLOWED in sign_in(client)


def test_a_right_password_counts_for_nothing(client: FlaskClient, session: Session) -> None:
    person()
    for _ in range(12):
        assert sign_in(client) == "/"
    assert session.scalars(select(Attempt)).all() == []


def test_the_owner_gets_in_from_another_place_while_the_attack_goes_on(client: FlaskClient, session: Session) -> None:
    person()
    fail(client, 10, **from_address("203.0.113.9"))
    assert sign_in(client) == "/"


def test_thirty_people_behind_one_address_sign_in_while_one_of_them_attacks(app: Flask, session: Session) -> None:
    person()
    fail(app.test_client(), 30)
    for number in range(30):
        make_people(number)
        assert sign_in(app.test_client(), f"guest{number}@demo.example") == "/"


def make_people(number: int) -> Account:
    return person(f"guest{number}@demo.example", f"Guest {number}")


def test_many_machines_together_are_slowed_and_the_owner_comes_in_by_mail(
    client: FlaskClient, session: Session
) -> None:
    person()
    for machine in range(1, 9):
        fail(client, 8, **from_address(f"198.51.100.{machine}"))
    assert SLOWED in sign_in(client)
    client.post("/sign-in/link", data={"email": "ana@demo.example"})
    link = next(word for word in session.scalars(select(Mail)).one().text.split() if "/link/" in word)
    assert client.post(link).headers["Location"] == "/"
    assert "Sign out" in client.get("/").text


def test_addresses_stand_nowhere_in_the_count(client: FlaskClient, session: Session) -> None:
    person()
    fail(client, 1, **from_address("203.0.113.9"))
    keys = " ".join(session.scalars(select(Attempt.key)))
    assert len(keys.split()) == 3
    assert "ana" not in keys
    assert "203" not in keys


@pytest.fixture
def behind_proxy(app: Flask, settings: Settings) -> Iterator[Flask]:
    """The same database behind one trusted proxy."""
    proxied = create_app(replace(settings, trusted_proxies=1))
    yield proxied
    with proxied.app_context():
        db.engine.dispose()


def test_a_trusted_proxy_names_the_client_and_forged_names_before_it_count_for_nothing(
    behind_proxy: Flask, session: Session
) -> None:
    behind_proxy.config["WTF_CSRF_ENABLED"] = False
    person()
    client = behind_proxy.test_client()
    forged = [fail(client, 1, headers={"X-Forwarded-For": f"10.9.8.{number}, 203.0.113.9"})[0] for number in range(10)]
    assert forged == [False] * 8 + [True] * 2
    data = {"email": "ana@demo.example", "password": PASSWORD}
    assert client.post("/sign-in", data=data, headers={"X-Forwarded-For": "192.0.2.77"}).status_code == 303


def test_without_a_proxy_a_forged_header_changes_nothing(client: FlaskClient, session: Session) -> None:
    person()
    slowed = [fail(client, 1, headers={"X-Forwarded-For": f"192.0.2.{number}"})[0] for number in range(10)]
    assert slowed == [False] * 8 + [True] * 2


def test_a_whole_ipv6_network_counts_as_one_client() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:2") == "2001:db8::/64"
    assert network_of("::ffff:192.0.2.1") == network_of("192.0.2.1") == "192.0.2.1"
    assert network_of(None) == "unknown"


def test_mails_to_one_address_are_limited_known_or_not(client: FlaskClient, session: Session) -> None:
    person()
    for email in ("ana@demo.example", "nobody@demo.example"):
        answers = [client.post("/reset", data={"email": email}).status_code for _ in range(7)]
        assert answers == [200] * 6 + [422]
    assert len(session.scalars(select(Mail)).all()) == 6
