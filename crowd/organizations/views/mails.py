"""The mails written in an organization's name: how each went, for its managers. Private links stay private."""

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crowd.core.permissions import Permission
from crowd.core.status import MailStatus
from crowd.mailing.actions import resend_mail
from crowd.mailing.queries import SEEN_BY_MANAGERS, MailFilter, get_mail, list_mails
from crowd.mailing.views import STATUS_WORDS
from crowd.organizations.gates import organization_gate
from crowd.organizations.models import Organization
from crowd.organizations.views.blueprint import bp
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found
from crowd.web.text import _


@bp.get("/organizations/<slug>/mails")
@organization_gate.requires(Permission.ORGANIZATION_MAILS)
def mails(found: Found[Organization]) -> str:
    status, words = request.args.get("status", ""), request.args.get("q", "").strip()
    chosen = MailStatus(status) if status in set(MailStatus) else None
    wanted = MailFilter(chosen, words, organization_id=found.row.id)
    page = list_mails(db.session(), wanted, request.args.get("after"))
    return render_template(
        "organizations/mails.html", organization=found.row, page=page, wanted=wanted, words=STATUS_WORDS
    )


@bp.post("/organizations/<slug>/mails/<public_id>/resend")
@organization_gate.requires(Permission.ORGANIZATION_MAILS)
def resend_mail_of(found: Found[Organization], public_id: str) -> Response:
    mail = get_mail(db.session(), public_id)
    if mail is None or mail.organization_id != found.row.id or mail.kind not in SEEN_BY_MANAGERS:
        abort(404)
    with transaction(mail) as session:
        resend_mail(session, mail, now=utc_now())
    flash(_("The mail waits to be sent again."), "success")
    return redirect(url_for("organizations.mails", slug=found.row.slug), 303)
