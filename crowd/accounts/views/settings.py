"""One's own settings."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from crowd.accounts.actions import change_password as set_password
from crowd.accounts.actions import edit_account, prove_password
from crowd.accounts.forms import ChangePasswordForm, SettingsForm
from crowd.accounts.gates import current_account
from crowd.accounts.models import Account
from crowd.accounts.views.blueprint import begin_session, bp, client
from crowd.core.errors import DomainError, InvalidInput, NotAllowed
from crowd.core.permissions import Permission
from crowd.store.db import db, transaction, utc_now
from crowd.store.secrets import hash_password
from crowd.web.access import requires
from crowd.web.forms import fill_errors
from crowd.web.text import _

Reply = Response | str | tuple[str, int]


def own_account() -> Account:
    account = current_account()
    if account is None:
        raise NotAllowed("signed_in")
    return account


def _page(account: Account, form: SettingsForm | None = None, password: ChangePasswordForm | None = None) -> str:
    form = form or _filled(account)
    return render_template(
        "accounts/settings.html", account=account, form=form, password=password or ChangePasswordForm(formdata=None)
    )


def _filled(account: Account) -> SettingsForm:
    form = SettingsForm(formdata=None, obj=account)
    form.links.data = "\n".join(str(link) for link in account.links)
    return form


@bp.get("/settings")
@requires(Permission.SIGNED_IN)
def settings() -> str:
    return _page(own_account())


@bp.post("/settings")
@requires(Permission.SIGNED_IN)
def save_settings() -> Reply:
    account, form = own_account(), SettingsForm()
    if not form.validate():
        return _page(account, form=form), 422
    with transaction(account):
        edit_account(account, form.command())
    flash(_("Saved."), "success")
    return redirect(url_for("accounts.settings"), 303)


@bp.get("/settings/password")
@requires(Permission.SIGNED_IN)
def password() -> Response:
    return redirect(url_for("accounts.settings") + "#password", 303)


@bp.post("/settings/password")
@requires(Permission.SIGNED_IN)
def change_password() -> Reply:
    account, form = own_account(), ChangePasswordForm()
    if form.validate():
        try:
            return _change(account, form)
        except DomainError as error:
            fill_errors(form, error)
    return _page(account, password=form), 422


def _change(account: Account, form: ChangePasswordForm) -> Response:
    now = utc_now()
    if account.password_hash is not None:
        prove_own_password(account, form.current_password.data or "")
    password_hash = hash_password(form.new_password.data or "")
    with transaction(account) as session:
        set_password(session, account, password_hash, now=now)
    begin_session(account)
    flash(_("Your new password holds. All other sessions have ended."), "success")
    return redirect(url_for("accounts.settings"), 303)


def prove_own_password(account: Account, typed: str) -> None:
    try:
        prove_password(db.session(), account.email, typed, client=client(), now=utc_now())
    except InvalidInput as error:
        raise InvalidInput("wrong_current_password", "current_password") from error
