"""The outbox: every mail the product wrote, for site administrators; and for each person the mails sent to them."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crowd.core.permissions import Permission
from crowd.core.status import MailStatus
from crowd.mailing.actions import cancel_mail, resend_mail
from crowd.mailing.letters import as_html
from crowd.mailing.models import Mail
from crowd.mailing.queries import MailFilter, count_by_status, get_mail, get_mail_to, list_mails, list_mails_to
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import current_actor, requires
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


@bp.get("/mails")
@requires(Permission.SIGNED_IN)
def mine() -> str:
    page = list_mails_to(db.session(), current_actor().account_id or 0, request.args.get("after"))
    return render_template("mailing/mine.html", page=page)


@bp.get("/mails/<public_id>")
@requires(Permission.SIGNED_IN)
def read(public_id: str) -> str:
    """A mail in the browser, for the person it was sent to alone. Its private link, if it has one, stays in the mailbox."""
    mail = get_mail_to(db.session(), current_actor().account_id or 0, public_id)
    if mail is None:
        abort(404)
    return render_template("mailing/read.html", mail=mail)


def _load(public_id: str) -> Mail:
    mail = get_mail(db.session(), public_id)
    if mail is None:
        abort(404)
    return mail
