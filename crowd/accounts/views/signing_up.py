"""Creating an account. The answer is the same whether or not the address is known."""

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import get_locale
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from crowd.accounts.actions import count_mail, mail_link
from crowd.accounts.actions import sign_up as make_sign_up
from crowd.accounts.commands import SignUp, fold_address
from crowd.accounts.forms import SignUpForm
from crowd.accounts.gates import current_account
from crowd.accounts.models import Account, LinkPurpose
from crowd.accounts.views.blueprint import bp, client, way_on
from crowd.core.errors import DomainError
from crowd.core.permissions import Permission
from crowd.store.db import transaction, utc_now
from crowd.store.secrets import hash_password, keyed_hash
from crowd.web.access import public, requires
from crowd.web.forms import fill_errors
from crowd.web.links import safe_next
from crowd.web.text import _

Reply = Response | str | tuple[str, int]


@bp.get("/sign-up")
@public
def sign_up() -> Reply:
    if current_account() is not None:
        return redirect(way_on(), 303)
    return render_template("accounts/sign_up.html", form=SignUpForm(next=way_on(), email=request.args.get("email")))


@bp.post("/sign-up")
@public
def join() -> Reply:
    form = SignUpForm()
    if form.validate():
        try:
            return _join(form)
        except DomainError as error:
            fill_errors(form, error)
    return render_template("accounts/sign_up.html", form=form), 422


def _join(form: SignUpForm) -> Reply:
    now = utc_now()
    email = form.email.data or ""
    count_mail(email, client(), now)
    command = SignUp(
        email=email,
        name=form.name.data or "",
        password_hash=hash_password(form.password.data or ""),
        language=str(get_locale() or "en"),
        next_path=safe_next(form.next.data),
    )
    try:
        with transaction() as db_session:
            make_sign_up(db_session, command, now=now)
    except IntegrityError:  # the same address twice at once: the other one's mail is on its way
        current_app.logger.info("double sign-up")
    session["signing_up"] = _browser_of(email)
    return render_template("accounts/sent.html", email=email, purpose=LinkPurpose.VERIFY)


def _browser_of(email: str) -> str:
    return keyed_hash(current_app.extensions["settings"].secret_key, "signing-up", fold_address(email))


def chose_the_password(account: Account) -> bool:
    """Whether this browser signed up with the account's address, or is signed in to it."""
    signed_in = current_account()
    return session.get("signing_up") == _browser_of(account.email) or (
        signed_in is not None and signed_in.id == account.id
    )


@bp.post("/verify")
@requires(Permission.SIGNED_IN)
def send_verification() -> Response:
    """Send the link once more to somebody who signed in before confirming."""
    account, now = current_account(), utc_now()
    if account is not None and account.verified_at is None:
        count_mail(account.email, client(), now)
        with transaction(account) as db_session:
            mail_link(db_session, account, LinkPurpose.VERIFY, next_path=way_on(), now=now)
        flash(_("We sent a new link to %(email)s.", email=account.email), "success")
    return redirect(url_for("accounts.settings"), 303)
