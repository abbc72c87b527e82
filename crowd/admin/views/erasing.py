"""Erasing somebody's account on request, and the register of erasures."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from crowd.accounts.models import Account
from crowd.accounts.queries import get_account_by_public_id
from crowd.admin.forms import EraseForm
from crowd.admin.views.blueprint import Reply, bp
from crowd.core.errors import DomainError
from crowd.core.permissions import Permission
from crowd.files.storage import file_store
from crowd.privacy.actions import erase_account
from crowd.privacy.queries.erasing import list_erasures, standing_of, what_blocks
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import current_actor, requires
from crowd.web.forms import fill_errors
from crowd.web.text import _


@bp.get("/admin/erasures")
@requires(Permission.SITE_ADMIN)
def erasures() -> str:
    """Those that wait, or those that were done: a number, a day and a reason."""
    done = request.args.get("show") == "done"
    return render_template("admin/erasures.html", rows=list_erasures(db.session(), done=done), done=done)


@bp.get("/admin/people/<public_id>/erase")
@requires(Permission.SITE_ADMIN)
def erase(public_id: str) -> str:
    return _page(_load(public_id), EraseForm(formdata=None))


@bp.post("/admin/people/<public_id>/erase")
@requires(Permission.SITE_ADMIN)
def erase_person(public_id: str) -> Reply:
    """At once, without the days of waiting: whoever asks an administrator has been heard."""
    account, form, actor = _load(public_id), EraseForm(), current_actor()
    if not form.validate():
        return _page(account, form), 422
    try:
        with transaction() as session:
            files = erase_account(session, account.id, form.command(actor.account_id), clock=utc_now)
    except DomainError as error:
        fill_errors(form, error)
        return _page(account, form), error.status
    for key in files:
        file_store().delete(key)
    flash(_("The account is erased. A last mail tells its person."), "success")
    return redirect(url_for("admin.erasures", show="done"), 303)


def _load(public_id: str) -> Account:
    """Oneself one erases in one's own settings, where there is time to think again."""
    account = get_account_by_public_id(db.session(), public_id)
    if account is None or account.id == current_actor().account_id:
        abort(404)
    return account


def _page(account: Account, form: EraseForm) -> str:
    session = db.session()
    values: dict[str, Any] = {"standing": standing_of(session, account.id), "blockers": what_blocks(session, account)}
    return render_template("admin/erase.html", account=account, form=form, **values)
