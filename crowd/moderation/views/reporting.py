"""Any signed-in person reports what does not belong here."""

from datetime import timedelta
from typing import Any

from flask import current_app, flash, redirect, render_template, request

from crowd.config import Settings
from crowd.conversation.gates import comment_gate
from crowd.conversation.models import Comment
from crowd.core.errors import DomainError
from crowd.core.permissions import Permission
from crowd.moderation.actions import report
from crowd.moderation.forms import ReportForm
from crowd.moderation.queries import Reportable, kind_of, words_of
from crowd.moderation.views.blueprint import bp, place_of
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import Proposal
from crowd.selection.gates import shown_endorsement_gate
from crowd.selection.models import Endorsement
from crowd.store import limits
from crowd.store.db import transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _

REPORTS = limits.Limit("reports", 20, timedelta(hours=1))


@bp.route("/proposals/<public_id>/report", methods=["GET", "POST"])
@proposal_gate.requires(Permission.PROPOSAL_REPORT)
def report_proposal(found: Found[Proposal]) -> Any:
    return _report(found.row, found.row.title)


@bp.route("/comments/<public_id>/report", methods=["GET", "POST"])
@comment_gate.requires(Permission.COMMENT_REPORT)
def report_comment(found: Found[Comment]) -> Any:
    return _report(found.row, None)


@bp.route("/endorsements/<public_id>/report", methods=["GET", "POST"])
@shown_endorsement_gate.requires(Permission.ENDORSEMENT_REPORT)
def report_endorsement(found: Found[Endorsement]) -> Any:
    return _report(found.row, None)


def _report(row: Reportable, title: str | None) -> Any:
    form, back, body = ReportForm(), place_of(row), "" if isinstance(row, Proposal) else words_of(row)
    status = 422 if request.method == "POST" else 200
    if form.validate_on_submit():
        try:
            _store(row, form)
        except DomainError as error:
            fill_errors(form, error)
            status = error.status
        else:
            flash(_("Thank you. A moderator looks at it, and you are told what comes of it."), "success")
            return redirect(back, 303)
    page = render_template("moderation/report.html", form=form, kind=kind_of(row), title=title, body=body, back=back)
    return page, status


def _store(row: Reportable, form: ReportForm) -> None:
    settings: Settings = current_app.extensions["settings"]
    actor, now = current_actor(), utc_now()
    limits.take(limits.counted(settings.secret_key, REPORTS, actor.public_id), now=now, code="too_many_reports")
    with transaction(row) as session:
        report(session, row, form.command(), actor=actor, now=now)
