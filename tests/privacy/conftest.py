"""A person with a trace in every corner of the product, and how they are erased."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crowd.accounts.models import Account
from crowd.privacy.actions import erase_account
from crowd.privacy.commands import Asked
from crowd.store.db import transaction, utc_now
from crowd.store.secrets import hash_password
from tests.conftest import stepping_aside

PASSWORD = "a long enough password"
Erase = Callable[..., None]


@pytest.fixture
def erase(app: Flask) -> Erase:
    """Erase an account here and now, as the job does."""

    def run(account: Account, *, withdraw_comments: bool = False) -> None:
        with stepping_aside(), app.app_context(), transaction() as session:
            erase_account(session, account.id, Asked(withdraw_comments), clock=utc_now)

    return run


def with_password(account: Account) -> Account:
    with transaction(account):
        account.password_hash = hash_password(PASSWORD)
    return account


def ask(client: FlaskClient, *, comments: str = "keep", password: str | None = PASSWORD) -> int:
    """Press the button in one's settings. Returns the status of the answer."""
    form = {"comments": comments, "understood": "y", **({"current_password": password} if password else {})}
    return client.post("/settings/erase", data=form).status_code
