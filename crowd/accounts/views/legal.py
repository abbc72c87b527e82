"""The terms and the privacy notice, and accepting them: nobody acts here before."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from werkzeug.wrappers import Response

from crowd.accounts.actions import accept_texts
from crowd.accounts.forms import AcceptForm
from crowd.accounts.gates import signed_in
from crowd.accounts.models import LegalKind
from crowd.accounts.queries import (
    built_in_text,
    get_legal_text,
    list_in_force,
    list_legal_versions,
    must_accept,
    newest_legal_text,
)
from crowd.accounts.views.blueprint import bp, way_on
from crowd.accounts.views.settings import own_account
from crowd.core.errors import NotAllowed
from crowd.core.permissions import Permission
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import public, requires
from crowd.web.kept import keep_form
from crowd.web.negotiate import wants_json
from crowd.web.text import _

MOST = 2**31
FREE = frozenset({"pages.language", "pages.preview", "notifications.unsubscribe", "reviews.accept", "reviews.decline"})
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
    account, session = own_account(), db.session()
    if not must_accept(session, account):
        return redirect(way_on(), 303)
    texts, form = list_in_force(session, account), AcceptForm()
    shown = " ".join(str(one.text.version if one.text else 0) for one in texts)
    if form.validate_on_submit() and form.shown.data == shown:
        with transaction(account) as writing:
            accept_texts(writing, account, now=utc_now())
        return redirect(way_on(), 303)
    if request.method == "GET":
        form.next.data = way_on()
    form.shown.data = shown
    first = account.accepted_at is None
    return render_template("accounts/accept.html", form=form, texts=texts, first=first), 422 if form.errors else 200


@bp.before_app_request
def ask_to_accept() -> Response | None:
    """Before any act: what was being sent is kept and offered again once the texts are accepted."""
    person = signed_in() if request.method == "POST" else None
    if person is None or _free() or not person.must_accept:
        return None
    if wants_json():
        raise NotAllowed("terms_accepted")
    flash(_("What you wrote is kept. Accept the terms, then send it again."), "info")
    if request.files:
        flash(_("Files cannot be kept: choose them again."), "info")
    return redirect(url_for("accounts.accept", next=url_for("pages.kept", token=keep_form())), 303)


def _free() -> bool:
    """What needs no acceptance: one's own account, reading, and an answer to a juror's link, which has its own terms."""
    return request.blueprint in {None, "accounts"} or request.endpoint in FREE
