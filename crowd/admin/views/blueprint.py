"""The blueprint of the administration and its first page: what waits."""

from typing import TypeAlias

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from crowd.admin.queries import count_pending_events, list_failed_deliveries, list_jobs
from crowd.core.permissions import Permission
from crowd.core.status import MailStatus
from crowd.mailing.queries import count_by_status
from crowd.organizations.queries import count_waiting
from crowd.store.db import db, utc_now
from crowd.web.access import requires

bp = Blueprint("admin", __name__)

Reply: TypeAlias = Response | str | tuple[str, int]


@bp.get("/admin")
@requires(Permission.SITE_ADMIN)
def index() -> str:
    session = db.session()
    mails = count_by_status(session)
    jobs = list_jobs(session, utc_now())
    return render_template(
        "admin/index.html",
        waiting=count_waiting(session),
        failed_mails=mails.get(MailStatus.FAILED, 0),
        queued_mails=mails.get(MailStatus.QUEUED, 0),
        failing_jobs=[job for job in jobs if job.late or job.run.error],
        failed_deliveries=len(list_failed_deliveries(session)),
        pending_events=count_pending_events(session),
    )
