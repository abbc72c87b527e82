"""Signing in by password or by a mailed link, choosing a new password, signing out."""

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from crowd.accounts.actions import ask_for_link, count_mail, end_sessions, note_entry, prove_password
from crowd.accounts.forms import AddressForm, SignInForm
from crowd.accounts.gates import current_account, sign_out, signed_in
from crowd.accounts.models import LinkPurpose
from crowd.accounts.views.blueprint import bp, client, let_in, way_on
from crowd.core.errors import DomainError
from crowd.store.db import db, transaction, utc_now
from crowd.store.secrets import hash_password, needs_rehash
from crowd.web.access import public
from crowd.web.forms import fill_errors
from crowd.web.links import safe_next
from crowd.web.text import _

Reply = Response | str | tuple[str, int]


@bp.get("/sign-in")
@public
def sign_in() -> Reply:
    if current_account() is not None:
        return redirect(way_on(), 303)
    return render_template("accounts/sign_in.html", form=SignInForm(next=way_on()))


@bp.post("/sign-in")
@public
def enter() -> Reply:
    form = SignInForm()
    if form.validate():
        try:
            return _enter(form)
        except DomainError as error:
            fill_errors(form, error)
            return render_template("accounts/sign_in.html", form=form), error.status
    return render_template("accounts/sign_in.html", form=form), 422


def _enter(form: SignInForm) -> Response:
    now = utc_now()
    password = form.password.data or ""
    account = prove_password(db.session(), form.email.data or "", password, client=client(), now=now)
    stronger = hash_password(password) if needs_rehash(account.password_hash or "") else None
    with transaction(account):
        note_entry(account, now)
        account.password_hash = stronger or account.password_hash
    return let_in(account, form.next.data or "/")


@bp.post("/sign-out")
@public
def leave() -> Response:
    here = signed_in()
    if here is not None:
        with transaction() as session:
            end_sessions(session, here.person.id, now=utc_now(), only=here.session_id)
    sign_out()
    flash(_("You are signed out."), "success")
    return redirect("/", 303)


@bp.get("/sign-in/link")
@public
def ask_link() -> str:
    return render_template("accounts/ask_link.html", form=AddressForm(next=way_on()), reset=False)


@bp.post("/sign-in/link")
@public
def send_link() -> Reply:
    return _send(LinkPurpose.SIGN_IN)


@bp.get("/reset")
@public
def ask_reset() -> str:
    return render_template("accounts/ask_link.html", form=AddressForm(next=way_on()), reset=True)


@bp.post("/reset")
@public
def send_reset() -> Reply:
    return _send(LinkPurpose.RESET)


def _send(purpose: LinkPurpose) -> Reply:
    form, now = AddressForm(), utc_now()
    if form.validate():
        try:
            count_mail(form.email.data or "", client(), now)
            with transaction() as session:
                ask_for_link(session, form.email.data or "", purpose, next_path=safe_next(form.next.data), now=now)
            return render_template("accounts/sent.html", email=form.email.data, purpose=purpose)
        except DomainError as error:
            fill_errors(form, error)
    page = render_template("accounts/ask_link.html", form=form, reset=purpose is LinkPurpose.RESET)
    return page, 422
