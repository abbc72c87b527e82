"""Notices in the product, the choice of mails, and a manager's view of a call's mails."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from crowd.accounts.models import Account
from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.notices import BY_KEY, KINDS, NoticeGroup
from crowd.core.permissions import Permission
from crowd.core.status import MailStatus
from crowd.mailing.actions import resend_mail
from crowd.notifications.actions import choose_mails, mark_read
from crowd.notifications.forms import GROUPS, LABELS, sentence_of
from crowd.notifications.models import Notification
from crowd.notifications.queries import (
    choices_of,
    count_mails_of_call,
    count_unread,
    get_mail_of_call,
    list_mails_of_call,
    list_notifications,
)
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor, public, requires
from crowd.web.text import _

bp = Blueprint("notifications", __name__)


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


def _groups(choices: dict[str, bool]) -> list[tuple[Any, list[tuple[str, Any, bool]]]]:
    return [
        (
            GROUPS[group],
            [(k.key, LABELS[k.key], choices.get(k.key, True)) for k in KINDS if k.group is group and k.mail],
        )
        for group in NoticeGroup
    ]


@bp.get("/settings/notifications")
@requires(Permission.SIGNED_IN)
def preferences() -> str:
    groups = _groups(choices_of(db.session(), _me()))
    return render_template("notifications/preferences.html", groups=groups)


@bp.post("/settings/notifications")
@requires(Permission.SIGNED_IN)
def save_preferences() -> Response:
    wanted = set(request.form.getlist("by_mail"))
    with transaction(db.session.get_one(Account, _me())) as session:
        choose_mails(session, _me(), {kind.key: kind.key in wanted for kind in KINDS if kind.mail})
    flash(_("Your choice is saved."), "success")
    return redirect(url_for("notifications.preferences"), 303)


@bp.route("/unsubscribe/<key>/<kind>", methods=["GET", "POST"])
@public
def unsubscribe(key: str, kind: str) -> Any:
    """From the foot of a mail: no sign-in, one press, only this kind."""
    account = db.session.scalar(select(Account).where(Account.unsubscribe_key == key))
    if account is None or kind not in BY_KEY:
        abort(404)
    if request.method == "POST":
        with transaction(account) as session:
            choose_mails(session, account.id, {kind: False})
    done = request.method == "POST"
    return render_template("notifications/unsubscribe.html", label=LABELS[kind], done=done)


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
