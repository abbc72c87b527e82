"""Another e-mail address, and taking back what was not one's own act."""

from flask import flash, redirect, render_template, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from crowd.accounts.actions import ask_for_address, confirm_address, count_mail, restore_address, secure
from crowd.accounts.forms import AddressChangeForm
from crowd.accounts.gates import sign_out
from crowd.accounts.models import Account, LinkPurpose, MailedLink
from crowd.accounts.views.blueprint import bp, client
from crowd.accounts.views.settings import own_account, prove_own_password
from crowd.core.errors import DomainError
from crowd.core.permissions import Permission
from crowd.store.db import transaction, utc_now
from crowd.web.access import requires
from crowd.web.forms import fill_errors
from crowd.web.text import _

Reply = Response | str | tuple[str, int]


@bp.get("/settings/address")
@requires(Permission.SIGNED_IN)
def address() -> str:
    return _page(own_account(), AddressChangeForm(formdata=None))


@bp.post("/settings/address")
@requires(Permission.SIGNED_IN)
def ask_address() -> Reply:
    """The same answer whether or not the address has an account."""
    account, form, now = own_account(), AddressChangeForm(), utc_now()
    if form.validate():
        try:
            if account.password_hash is not None:
                prove_own_password(account, form.current_password.data or "")
            count_mail(form.email.data or "", client(), now)
            with transaction(account) as session:
                ask_for_address(session, account, form.email.data or "", now=now)
            return render_template("accounts/sent.html", email=form.email.data, purpose=LinkPurpose.NEW_ADDRESS)
        except DomainError as error:
            fill_errors(form, error)
    return _page(account, form), 422


def _page(account: Account, form: AddressChangeForm) -> str:
    return render_template("accounts/address.html", account=account, form=form)


def change_address(found: MailedLink, account: Account) -> Response:
    """Raises DomainError("address_gone") also when two take one address at once."""
    try:
        with transaction(found, account) as session:
            confirm_address(session, account, found, now=utc_now())
    except IntegrityError as error:
        raise DomainError("address_gone") from error
    flash(_("Your address is %(email)s now.", email=account.email), "success")
    return redirect(url_for("accounts.settings"), 303)


def take_back(found: MailedLink, account: Account) -> Response:
    """All sessions end, the old password opens nothing more, and a new one is chosen at once."""
    undo = restore_address if found.purpose is LinkPurpose.OLD_ADDRESS else secure
    try:
        with transaction(found, account) as session:
            page = undo(session, account, found, now=utc_now())
    except IntegrityError as error:
        raise DomainError("address_gone") from error
    sign_out()
    flash(_("All sessions have ended and the old password holds no more. Choose a new one."), "success")
    return redirect(page, 303)
