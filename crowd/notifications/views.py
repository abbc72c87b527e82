"""Notices in the product, the choice of mails, and a manager's view of a call's mails."""

import hmac
from datetime import timedelta

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from crowd.accounts.models import Account
from crowd.accounts.queries import get_account_by_public_id
from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.config import Settings
from crowd.core.notices import is_optional
from crowd.core.permissions import Permission
from crowd.core.status import MailStatus
from crowd.mailing.actions import resend_mail
from crowd.mailing.gates import signature
from crowd.notifications.actions import choose_channels, mark_read, stop_mails
from crowd.notifications.forms import LABELS, chosen_channels, name_of, sentence_of, table_of
from crowd.notifications.models import Notification
from crowd.notifications.queries import (
    choices_of,
    count_mails_of_call,
    count_unread,
    get_mail_of_call,
    list_mails_of_call,
    list_notifications,
)
from crowd.store import limits
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor, public, requires
from crowd.web.security import csrf
from crowd.web.text import _

bp = Blueprint("notifications", __name__)

GUESSES = limits.Limit("way-out", 60, timedelta(hours=1))
"""Wrong addresses to stop mails, from one network. Right ones are free: a mail provider presses for all its people."""


def _me() -> int:
    return current_actor().account_id or 0


@bp.get("/notifications")
@requires(Permission.SIGNED_IN)
def index() -> str:
    page = list_notifications(db.session(), _me(), request.args.get("after"))
    lines = [(notice, sentence_of(notice.kind, dict(notice.data))) for notice in page.items]
    unread = count_unread(db.session(), _me())
    return render_template("notifications/index.html", lines=lines, page=page, unread=unread)


@bp.get("/notifications/<int:number>")
@requires(Permission.SIGNED_IN)
def follow(number: int) -> Response:
    """Go where the notice leads, and count it as read."""
    notice = db.session.scalar(select(Notification).where(Notification.id == number, Notification.account_id == _me()))
    if notice is None:
        abort(404)
    with transaction() as session:
        mark_read(session, _me(), utc_now(), number)
    return redirect(notice.path, 303)


@bp.post("/notifications/read")
@requires(Permission.SIGNED_IN)
def read_all() -> Response:
    with transaction() as session:
        mark_read(session, _me(), utc_now())
    return redirect(url_for("notifications.index"), 303)


@bp.get("/settings/notifications")
@requires(Permission.SIGNED_IN)
def preferences() -> str:
    account = db.session.get_one(Account, _me())
    return render_template(
        "notifications/preferences.html", groups=table_of(choices_of(db.session(), _me())), account=account
    )


@bp.post("/settings/notifications")
@requires(Permission.SIGNED_IN)
def save_preferences() -> Response:
    account, chosen = db.session.get_one(Account, _me()), chosen_channels(request.form)
    with transaction(account) as session:
        choose_channels(session, account.id, account.time_zone, chosen, now=utc_now())
    flash(_("Your choice is saved."), "success")
    return redirect(url_for("notifications.preferences"), 303)


@bp.get("/unsubscribe/<token>")
@public
def unsubscribe(token: str) -> str:
    """From the foot of a mail: looking at it stops nothing, since mail programs look at links too."""
    _, kind = _way_out(token)
    return render_template("notifications/unsubscribe.html", label=name_of(kind), done=False)


@bp.post("/unsubscribe/<token>")
@public
def stop(token: str) -> str:
    """One press, or the mail program's one click (RFC 8058): no sign-in and no form token, the address is signed."""
    account, kind = _way_out(token)
    with transaction(account) as session:
        stop_mails(session, account.id, account.time_zone, kind, now=utc_now())
    return render_template("notifications/unsubscribe.html", label=name_of(kind), done=True)


csrf.exempt(stop)


def _way_out(token: str) -> tuple[Account, str]:
    """404 for whatever was not signed here, alike; wrong guesses of one network are counted."""
    public_id, kind, signed = [*token.split("."), "", "", ""][:3]
    account = get_account_by_public_id(db.session(), public_id)
    settings: Settings = current_app.extensions["settings"]
    right = signature(kind, account.unsubscribe_key if account else "")
    if not hmac.compare_digest(right.encode(), signed.encode()) or account is None or not is_optional(kind):
        guess = limits.counted(settings.secret_key, GUESSES, limits.network_of(request.remote_addr))
        limits.take(guess, now=utc_now())
        abort(404)
    return account, kind


@bp.get("/calls/<public_id>/mails")
@call_gate.requires(Permission.CALL_MANAGE)
def mails(found: Found[Call]) -> str:
    status = request.args.get("status")
    if status not in {None, *MailStatus}:
        abort(404)
    page = list_mails_of_call(db.session(), found.row.id, status, request.args.get("after"))
    counts = count_mails_of_call(db.session(), found.row.id)
    return render_template(
        "notifications/mails.html", found=found, page=page, counts=counts, status=status, labels=LABELS
    )


@bp.post("/calls/<public_id>/mails/<mail_id>/again")
@call_gate.requires(Permission.CALL_MANAGE)
def send_mail_again(found: Found[Call], mail_id: str) -> Response:
    mail = get_mail_of_call(db.session(), found.row.id, mail_id)
    if mail is None:
        abort(404)
    with transaction(mail) as session:
        resend_mail(session, mail, now=utc_now())
    flash(_("The mail will be sent again."), "success")
    return redirect(url_for("notifications.mails", public_id=found.row.public_id), 303)
