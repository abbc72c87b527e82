"""Secrets stay out of the logs: passwords, keys of sessions, tokens of links, in good and in bad answers."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.mailing.models import Mail
from crowd.store.secrets import hash_password, token_hash
from tests.make import make_account

pytestmark = pytest.mark.one_database

PASSWORD, OTHER = "a quiet garden of mine", "another garden of mine"


def test_no_secret_is_logged_by_signing_in_resetting_or_a_fault(
    app: Flask, session: Session, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    account = make_account(email="ana@demo.example")
    account.password_hash = hash_password(PASSWORD)
    session.commit()
    client = app.test_client()
    for password in (OTHER, PASSWORD):
        client.post("/sign-in", data={"email": "ana@demo.example", "password": password})
    with client.session_transaction() as cookie:
        key = cookie["_user_id"]
    client.post("/reset", data={"email": "ana@demo.example"})
    reset = re.search(r"/link/([\w-]+)", session.scalars(select(Mail.text).where(Mail.kind == "reset")).one())
    assert reset is not None
    _break(app, monkeypatch)
    client.post(f"/link/{reset[1]}", data={"new_password": OTHER})
    client.post("/sign-in", data={"email": "ana@demo.example", "password": OTHER})
    said = "".join(capfd.readouterr())
    assert "out of order" in said
    secrets = (PASSWORD, OTHER, key, token_hash(key), reset[1], account.unsubscribe_key)
    assert [secret for secret in secrets if secret in said] == []


def _break(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on every write fails as nobody foresaw."""

    def refuse(*_args: object, **_values: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr("crowd.store.db.lock", refuse)
    monkeypatch.setitem(app.config, "TESTING", False)
