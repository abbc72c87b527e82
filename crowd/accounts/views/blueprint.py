"""The blueprint of accounts, and what its views share: who asks, and where to go on."""

from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from crowd.accounts.actions import open_session
from crowd.accounts.commands import Client
from crowd.accounts.gates import sign_in, this_browser
from crowd.accounts.models import Account
from crowd.accounts.queries import must_accept
from crowd.config import Settings
from crowd.store.db import db, transaction, utc_now
from crowd.store.limits import network_of
from crowd.web.links import safe_next

bp = Blueprint("accounts", __name__)

OWN_PAGES = ("/sign-in", "/sign-up", "/sign-out", "/link", "/reset", "/accept")


def client() -> Client:
    """Who asks. `remote_addr` is the proxy's word only where proxies are trusted."""
    settings: Settings = current_app.extensions["settings"]
    return Client(network_of(request.remote_addr), settings.secret_key)


def way_on() -> str:
    """Where to go after signing in: as asked, else the page whose header brought the person here."""
    if "next" in request.values:
        return safe_next(request.values["next"])
    referrer = urlsplit(request.referrer or "")
    if referrer.netloc != request.host:
        return "/"
    if referrer.path.startswith(OWN_PAGES):
        return safe_next(parse_qs(referrer.query).get("next", [""])[0])
    return safe_next(f"{referrer.path}?{referrer.query}" if referrer.query else referrer.path)


def begin_session(account: Account) -> None:
    """Sign this browser in."""
    with transaction(account) as session:
        key = open_session(session, account, this_browser(), now=utc_now())
    sign_in(account, key)


def let_in(account: Account, target: str) -> Response:
    """Sign in and go on, by way of a new version of the legal texts if there is one."""
    begin_session(account)
    if must_accept(db.session(), account):
        return redirect(url_for("accounts.accept", next=safe_next(target)), 303)
    return redirect(safe_next(target), 303)
