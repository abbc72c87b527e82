"""Having one's account erased: what it means, asking for it, taking it back."""

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crowd.accounts.actions import prove_password
from crowd.accounts.commands import Client
from crowd.accounts.models import Account
from crowd.config import Settings
from crowd.core.errors import DomainError, InvalidInput
from crowd.core.permissions import Permission
from crowd.privacy.actions import ask_to_be_erased, confirm, keep_account
from crowd.privacy.commands import WAITS
from crowd.privacy.forms import OBSTACLES, EraseForm
from crowd.privacy.models import Erasure
from crowd.privacy.queries.erasing import get_erasure, get_erasure_by_token, standing_of, what_blocks
from crowd.privacy.views.blueprint import bp, own_account
from crowd.store.db import db, lock, transaction, utc_now
from crowd.store.limits import network_of
from crowd.web.access import public, requires
from crowd.web.forms import fill_errors
from crowd.web.text import _

Reply = Response | str | tuple[str, int]


@bp.get("/settings/erase")
@requires(Permission.SIGNED_IN)
def erase() -> str:
    return _page(own_account(), EraseForm(formdata=None))


@bp.post("/settings/erase")
@requires(Permission.SIGNED_IN)
def ask() -> Reply:
    account, form = own_account(), EraseForm()
    if not form.validate():
        return _page(account, form), 422
    try:
        proven = account.password_hash is not None
        if proven:
            _prove(account, form.current_password.data or "")
        with transaction(account) as session:
            ask_to_be_erased(session, account, form.command(), proven=proven, now=utc_now())
    except DomainError as error:
        fill_errors(form, error)
        return _page(account, form), error.status
    if not proven:
        flash(_("We sent a link to %(email)s. Your account stays until you open it and confirm.", email=account.email))
    return redirect(url_for("privacy.erase"), 303)


def _prove(account: Account, typed: str) -> None:
    settings: Settings = current_app.extensions["settings"]
    client = Client(network_of(request.remote_addr), settings.secret_key)
    try:
        prove_password(db.session(), account.email, typed, client=client, now=utc_now())
    except InvalidInput as error:
        raise InvalidInput("wrong_current_password", "current_password") from error


def _page(account: Account, form: EraseForm) -> str:
    session = db.session()
    erasure = get_erasure(session, account.id)
    return render_template(
        "privacy/erase.html",
        account=account,
        form=form,
        erasure=erasure if erasure is not None and erasure.confirmed_at is not None else None,
        blockers=[(one, str(OBSTACLES[one.obstacle]) % {"name": one.name}) for one in what_blocks(session, account)],
        standing=standing_of(session, account.id),
        days=WAITS.days,
    )


@bp.post("/settings/keep")
@requires(Permission.SIGNED_IN)
def keep() -> Response:
    account = own_account()
    erasure = get_erasure(db.session(), account.id)
    if erasure is not None:
        _keep(account, erasure)
    return redirect(url_for("privacy.data"), 303)


def _keep(account: Account, erasure: Erasure) -> None:
    with transaction(account) as session:
        lock(session, erasure)
        keep_account(session, account, erasure, now=utc_now())
    flash(_("Your account stays as it was."), "success")


@bp.get("/erasure/<token>")
@public
def link(token: str) -> str:
    """Looking at it changes nothing: mail programs look at links too."""
    erasure, account = _load(token)
    return render_template("privacy/link.html", token=token, erasure=erasure, account=account, days=WAITS.days)


@bp.post("/erasure/<token>")
@public
def follow(token: str) -> Reply:
    """Confirms an erasure that waits for it, takes back one that is confirmed."""
    erasure, account = _load(token)
    if erasure.confirmed_at is not None:
        _keep(account, erasure)
        return redirect(url_for("accounts.sign_in"), 303)
    try:
        with transaction(account) as session:
            lock(session, erasure)
            confirm(session, account, erasure, now=utc_now())
    except DomainError as error:
        page = render_template("privacy/link.html", token=token, erasure=erasure, account=account, days=WAITS.days)
        flash(_("Somebody has to take over from you first."), "error")
        return page, error.status
    flash(_("Your account is erased in %(days)d days. A mail tells you how to keep it.", days=WAITS.days), "success")
    return redirect("/", 303)


def _load(token: str) -> tuple[Erasure, Account]:
    found = get_erasure_by_token(db.session(), token)
    if found is None or found[1].erased_at is not None:
        abort(404)
    return found
