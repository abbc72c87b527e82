"""From a session cookie to an actor."""

from functools import cache

from flask import current_app, session
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.store.db import db
from crowd.web.access import Found, forget_actor

login_manager = LoginManager()

AFTER_SIGN_IN = "after_sign_in"
"""Extension of the application: what is called when a browser was signed in to an account."""


class SignedIn:
    """What flask-login carries: the account, and the key that ends the session when the password changes."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, account: Account) -> None:
        self.account = account

    def get_id(self) -> str:
        return f"{self.account.public_id}.{self.account.session_key}"


def load_signed_in(key: str) -> SignedIn | None:
    public_id, _, session_key = key.partition(".")
    account = db.session.scalar(_by_session(), {"public_id": public_id, "session_key": session_key})
    return SignedIn(account) if account else None


@cache
def _by_session() -> Select[Account]:
    """Asked on every page, so built once."""
    return select(Account).where(
        Account.public_id == bindparam("public_id"),
        Account.session_key == bindparam("session_key"),
        Account.blocked_at.is_(None),
    )


login_manager.user_loader(load_signed_in)


def current_account() -> Account | None:
    person: object = current_user._get_current_object()  # noqa: SLF001 (the proxy's own way)
    return person.account if isinstance(person, SignedIn) else None


def find_account(db_session: Session, public_id: str) -> Found[Account] | None:
    account = db_session.scalar(select(Account).where(Account.public_id == public_id))
    return Found(account, None) if account else None


def sign_in(account: Account) -> None:
    """Start this browser's session; the person's own language holds from now on."""
    login_user(SignedIn(account))
    session.permanent = True
    session.pop("language", None)
    session.pop("signing_up", None)
    forget_actor()
    for claim in current_app.extensions.get(AFTER_SIGN_IN, ()):
        claim()


def sign_out() -> None:
    """End this browser's session with all it kept."""
    logout_user()
    session.clear()
    forget_actor()
