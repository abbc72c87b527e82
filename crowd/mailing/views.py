"""The outbox: every mail the product wrote, for site administrators."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crowd.core.permissions import Permission
from crowd.core.status import MailStatus
from crowd.mailing.actions import cancel_mail, resend_mail
from crowd.mailing.letters import as_html
from crowd.mailing.models import Mail
from crowd.mailing.queries import MailFilter, count_by_status, get_mail, list_mails
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import requires
from crowd.web.templating import page_url
from crowd.web.text import _, _l

bp = Blueprint("mailing", __name__)
bp.add_app_template_filter(as_html, "letter")

STATUS_WORDS: dict[MailStatus, Any] = {
    MailStatus.QUEUED: _l("Waiting"),
    MailStatus.SENT: _l("Sent"),
    MailStatus.FAILED: _l("Failed"),
    MailStatus.CANCELLED: _l("Cancelled"),
}


def wanted_mails() -> MailFilter:
    status = request.args.get("status", "")
    return MailFilter(MailStatus(status) if status in set(MailStatus) else None, request.args.get("q", "").strip())


@bp.get("/outbox")
@requires(Permission.SITE_ADMIN)
def outbox() -> str:
    wanted, session = wanted_mails(), db.session()
    return render_template(
        "mailing/outbox.html",
        page=list_mails(session, wanted, request.args.get("after")),
        wanted=wanted,
        words=STATUS_WORDS,
        choices=_choices(wanted.status, count_by_status(session)),
    )


def _choices(chosen: MailStatus | None, counts: dict[MailStatus, int]) -> list[dict[str, Any]]:
    every = {"label": _("All"), "url": page_url(status=None), "current": chosen is None, "count": None}
    each = [
        {"label": word, "url": page_url(status=status), "current": chosen is status, "count": counts.get(status, 0)}
        for status, word in STATUS_WORDS.items()
    ]
    return [every, *each]


@bp.get("/outbox/<public_id>")
@requires(Permission.SITE_ADMIN)
def letter(public_id: str) -> str:
    return render_template("mailing/letter.html", mail=_load(public_id), words=STATUS_WORDS)


@bp.post("/outbox/<public_id>/resend")
@requires(Permission.SITE_ADMIN)
def resend(public_id: str) -> Response:
    mail = _load(public_id)
    with transaction(mail) as session:
        resend_mail(session, mail, now=utc_now())
    flash(_("The mail waits to be sent again."), "success")
    return redirect(url_for("mailing.letter", public_id=public_id), 303)


@bp.post("/outbox/<public_id>/cancel")
@requires(Permission.SITE_ADMIN)
def cancel(public_id: str) -> Response:
    mail = _load(public_id)
    with transaction(mail) as session:
        cancel_mail(session, mail)
    flash(_("The mail is cancelled."), "success")
    return redirect(url_for("mailing.letter", public_id=public_id), 303)


def _load(public_id: str) -> Mail:
    mail = get_mail(db.session(), public_id)
    if mail is None:
        abort(404)
    return mail
