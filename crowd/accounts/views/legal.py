"""The terms and the privacy notice, and accepting a new version of them."""

from flask import abort, redirect, render_template, request
from flask_babel import get_locale
from werkzeug.wrappers import Response

from crowd.accounts.actions import accept_texts
from crowd.accounts.forms import AcceptForm
from crowd.accounts.models import LegalKind
from crowd.accounts.queries import (
    built_in_text,
    get_legal_text,
    list_legal_versions,
    list_unaccepted,
    newest_legal_text,
)
from crowd.accounts.views.blueprint import bp, way_on
from crowd.accounts.views.settings import own_account
from crowd.core.permissions import Permission
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import public, requires

MOST = 2**31
Reply = Response | str | tuple[str, int]


@bp.get("/terms")
@public
def terms() -> str:
    return _text(LegalKind.TERMS)


@bp.get("/privacy")
@public
def privacy() -> str:
    return _text(LegalKind.PRIVACY)


def _text(kind: LegalKind) -> str:
    """The version that holds, or an earlier one by `?version=`."""
    session, version = db.session(), request.args.get("version", type=int)
    if version and not 0 < version < MOST:
        abort(404)
    text = get_legal_text(session, kind, version) if version else newest_legal_text(session, kind)
    if version and text is None:
        abort(404)
    language = "es" if str(get_locale()) == "es" else "en"
    body = getattr(text, f"body_{language}") if text else built_in_text(kind, language)
    versions = list_legal_versions(session, kind)
    return render_template("accounts/legal.html", kind=kind, text=text, body=body, versions=versions)


@bp.route("/accept", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def accept() -> Reply:
    account, now = own_account(), utc_now()
    form = AcceptForm()
    if form.validate_on_submit():
        with transaction(account) as session:
            accept_texts(session, account, now=now)
        return redirect(way_on(), 303)
    if request.method == "GET":
        form.next.data = way_on()
    texts = list_unaccepted(db.session(), account)
    if not texts:
        return redirect(way_on(), 303)
    return render_template("accounts/accept.html", form=form, texts=texts), 422 if form.errors else 200
