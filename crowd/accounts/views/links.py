"""What a mailed link opens. Looking at it uses nothing up: mail programs look at links too."""

from flask import abort, flash, render_template
from werkzeug.wrappers import Response

from crowd.accounts.actions import change_password, check_link, enter_by_link, prove_password
from crowd.accounts.forms import NewPasswordForm, PasswordForm
from crowd.accounts.gates import current_account
from crowd.accounts.models import Account, LinkPurpose, MailedLink
from crowd.accounts.queries import get_link
from crowd.accounts.views.addresses import change_address, take_back
from crowd.accounts.views.blueprint import bp, client, let_in
from crowd.accounts.views.signing_up import chose_the_password
from crowd.core.errors import DomainError
from crowd.store.db import db, transaction, utc_now
from crowd.store.secrets import hash_password
from crowd.web.access import public
from crowd.web.errors import sentence
from crowd.web.forms import fill_errors
from crowd.web.text import _

Reply = Response | str | tuple[str, int]
TAKING_BACK = frozenset({LinkPurpose.NOT_ME, LinkPurpose.OLD_ADDRESS})


@bp.get("/link/<token>")
@public
def link(token: str) -> Reply:
    found, account = _load(token)
    try:
        check_link(found, utc_now())
    except DomainError as error:
        return _over(found, error)
    return _page(token, found, account)


@bp.post("/link/<token>")
@public
def follow_link(token: str) -> Reply:
    found, account = _load(token)
    try:
        check_link(found, utc_now())
        if found.purpose in TAKING_BACK:
            return take_back(found, account)
        if found.purpose is LinkPurpose.NEW_ADDRESS:
            return change_address(found, account) if _is_here(account) else (_page(token, found, account), 403)
        if found.purpose is LinkPurpose.RESET:
            return _reset(token, found, account)
        if found.purpose is LinkPurpose.VERIFY and not chose_the_password(account):
            return _verify_elsewhere(token, found, account)
        return _enter(found, account, own_password=chose_the_password(account))
    except DomainError as error:
        return _over(found, error)


def _load(token: str) -> tuple[MailedLink, Account]:
    found = get_link(db.session(), token)
    if found is None or found[1].blocked_at is not None:
        abort(404)
    return found


def _over(found: MailedLink, error: DomainError) -> Reply:
    reason = sentence(error.code)
    return render_template("accounts/link_over.html", reason=reason, link=found), 410


def _page(token: str, found: MailedLink, account: Account, form: PasswordForm | NewPasswordForm | None = None) -> str:
    if form is None:
        form = NewPasswordForm(formdata=None) if found.purpose is LinkPurpose.RESET else PasswordForm(formdata=None)
    asks = found.purpose is LinkPurpose.VERIFY and not chose_the_password(account)
    return render_template(
        "accounts/link.html",
        token=token,
        purpose=found.purpose,
        found=found,
        account=account,
        form=form,
        asks_password=asks,
        here=_is_here(account),
        signed_in=current_account() is not None,
    )


def _is_here(account: Account) -> bool:
    """Only whoever holds the account gives it another address: else a stranger's account could be given one's own."""
    mine = current_account()
    return mine is not None and mine.id == account.id


def _enter(found: MailedLink, account: Account, *, own_password: bool) -> Response:
    now = utc_now()
    with transaction(found, account) as session:
        lost = account.verified_at is None and account.password_hash is not None and not own_password
        enter_by_link(session, account, found, own_password=own_password, now=now)
    if lost:
        flash(_("You are signed in. To be safe the password was taken away: choose one in your settings."), "info")
    return let_in(account, found.next_path)


def _verify_elsewhere(token: str, found: MailedLink, account: Account) -> Reply:
    """Another browser than the one that signed up: whoever confirms must know the password."""
    form = PasswordForm()
    if form.validate():
        try:
            prove_password(db.session(), account.email, form.password.data or "", client=client(), now=utc_now())
            return _enter(found, account, own_password=True)
        except DomainError as error:
            if error.code.startswith("link"):
                raise
            fill_errors(form, error)
    return _page(token, found, account, form), 422


def _reset(token: str, found: MailedLink, account: Account) -> Reply:
    form = NewPasswordForm()
    if not form.validate():
        return _page(token, found, account, form), 422
    now, password_hash = utc_now(), hash_password(form.new_password.data or "")
    with transaction(found, account) as session:
        enter_by_link(session, account, found, own_password=True, now=now)
        change_password(session, account, password_hash, now=now)
    flash(_("Your new password holds. All other sessions have ended."), "success")
    return let_in(account, found.next_path)
