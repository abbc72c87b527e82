"""People: finding somebody, confirming an address by hand, blocking."""

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crowd.accounts.actions import block_account, unblock_account, verify_account
from crowd.accounts.models import Account
from crowd.accounts.queries import get_account_by_public_id, list_people
from crowd.admin.forms import BlockForm
from crowd.admin.views.blueprint import Reply, bp
from crowd.core.permissions import Permission
from crowd.organizations.queries import list_own_organizations
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import current_actor, requires
from crowd.web.text import _


@bp.get("/admin/people")
@requires(Permission.SITE_ADMIN)
def people() -> str:
    words, blocked = request.args.get("q", "").strip(), request.args.get("blocked") == "1"
    page = list_people(db.session(), words, request.args.get("after"), blocked=blocked)
    return render_template("admin/people.html", page=page, words=words, blocked=blocked)


def _load(public_id: str) -> Account:
    account = get_account_by_public_id(db.session(), public_id)
    if account is None:
        abort(404)
    return account


def _page(account: Account, form: BlockForm) -> str:
    memberships = list_own_organizations(db.session(), account.id)
    return render_template("admin/person.html", account=account, memberships=memberships, form=form)


@bp.get("/admin/people/<public_id>")
@requires(Permission.SITE_ADMIN)
def person(public_id: str) -> str:
    return _page(_load(public_id), BlockForm(formdata=None))


def _to_person(account: Account) -> Response:
    return redirect(url_for("admin.person", public_id=account.public_id), 303)


@bp.post("/admin/people/<public_id>/verify")
@requires(Permission.SITE_ADMIN)
def verify(public_id: str) -> Response:
    account = _load(public_id)
    with transaction(account) as session:
        verify_account(session, account, now=utc_now(), actor_id=current_actor().account_id)
    flash(_("The address of %(name)s counts as confirmed.", name=account.name), "success")
    return _to_person(account)


@bp.post("/admin/people/<public_id>/block")
@requires(Permission.SITE_ADMIN)
def block(public_id: str) -> Reply:
    account, form = _load(public_id), BlockForm()
    if not form.validate():
        return _page(account, form), 422
    with transaction(account) as session:
        block_account(session, account, reason=form.reason.data or "", actor=current_actor(), now=utc_now())
    flash(_("%(name)s is blocked and signed out everywhere.", name=account.name), "success")
    return _to_person(account)


@bp.post("/admin/people/<public_id>/unblock")
@requires(Permission.SITE_ADMIN)
def unblock(public_id: str) -> Response:
    account = _load(public_id)
    with transaction(account) as session:
        unblock_account(session, account, actor=current_actor(), now=utc_now())
    flash(_("%(name)s may sign in again.", name=account.name), "success")
    return _to_person(account)
