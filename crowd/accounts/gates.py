"""From a session cookie to an actor."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Response, after_this_request, current_app, g, has_request_context, request, session
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from crowd.accounts.commands import LASTS, Browser
from crowd.accounts.models import Account, BrowserSession, is_behind, people_signed_in
from crowd.core.devices import device_of
from crowd.core.errors import NotAllowed
from crowd.store.db import db, utc_now
from crowd.store.prepared import Prepared, connection_of
from crowd.store.secrets import new_token, token_hash
from crowd.web.access import Found, forget_actor

login_manager = LoginManager()

AFTER_SIGN_IN = "after_sign_in"
"""Extension of the application: what is called when a browser was signed in to an account."""


DEVICE_KEPT = timedelta(days=400)
DEVICE = re.compile(r"[\w-]{43}")


class SignedIn:
    """What flask-login carries: the person, and the session of this browser by its key.

    `person`: the account, or those columns of it that every page needs; `texts_at`: when the legal texts in force were published.
    """

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, person: Any, key: str, session_id: int, used_at: datetime, texts_at: datetime | None) -> None:
        self.person = person
        self.key = key
        self.session_id = session_id
        self.used_at = used_at
        self.texts_at = texts_at

    @property
    def account(self) -> Account:
        return self.person if isinstance(self.person, Account) else db.session.get_one(Account, self.person.id)

    @property
    def must_accept(self) -> bool:
        return is_behind(self.person.accepted_at, self.texts_at)

    def get_id(self) -> str:
        return self.key


def load_signed_in(key: str) -> SignedIn | None:
    row = _by_key.first(db.session(), key_hash=token_hash(key), since=utc_now() - LASTS)
    return SignedIn(row, key, row.session_id, row.used_at, row.texts_at) if row else None


@Prepared
def _by_key() -> Select[Any]:
    return people_signed_in().where(BrowserSession.key_hash == bindparam("key_hash"), Account.blocked_at.is_(None))


login_manager.user_loader(load_signed_in)


def signed_in() -> SignedIn | None:
    person: object = current_user._get_current_object()  # noqa: SLF001 (the proxy's own way)
    return person if isinstance(person, SignedIn) else None


def still_here(session: Session, rows: Sequence[object]) -> None:
    """Before each write of a page: whoever was shut out or erased since it was asked for writes nothing any more.

    Held until the commit, so that an erasure meanwhile waits and finds what was written. An account that the transaction
    locks itself (`rows`) is looked at there. Raises NotAllowed("signed_in").
    """
    here: object = g.get("_login_user") if has_request_context() else None
    if not isinstance(here, SignedIn):
        return
    connection = connection_of(session)
    own = any(isinstance(row, Account) and row.id == here.person.id for row in rows)
    if (_locked if own else _shared).first(connection, id=here.person.id) is None:
        raise NotAllowed("signed_in")  # also when it is tried anew; who is sent to sign in is signed out first


def _standing() -> Select[Any]:
    person = Account.__table__.c
    return select(person.id).where(person.id == bindparam("id"), person.blocked_at.is_(None))


_shared = Prepared(lambda: _standing().with_for_update(read=True))
_locked = Prepared(lambda: _standing().with_for_update())


def session_key_hash() -> str | None:
    """Of the session that this browser claims, whether it holds or not."""
    key = session.get("_user_id")
    return token_hash(key) if isinstance(key, str) else None


def current_account() -> Account | None:
    person = signed_in()
    return person.account if person else None


def this_browser() -> Browser:
    """The browser that asks. Its cookie tells it from others of the same make, and stays when one signs out."""
    if "device" not in g:
        kept = request.cookies.get(_device_cookie(), "")
        g.device = kept if DEVICE.fullmatch(kept) else new_token()
    return Browser(g.device, *device_of(request.headers.get("User-Agent", "")))


def _device_cookie() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-device"


def _keep_device(response: Response) -> Response:
    response.set_cookie(
        _device_cookie(),
        g.device,
        max_age=DEVICE_KEPT,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )
    return response


def find_account(db_session: Session, public_id: str) -> Found[Account] | None:
    account = db_session.scalar(select(Account).where(Account.public_id == public_id))
    return Found(account, None) if account else None


def sign_in(account: Account, key: str) -> None:
    """Let this browser hold the session that was opened for it; the person's own language holds from now on."""
    this_browser()
    login_user(SignedIn(account, key, 0, utc_now(), None))
    after_this_request(_keep_device)
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
