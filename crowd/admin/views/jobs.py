"""Jobs, and events that a reader could not take."""

from flask import abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from crowd.admin.actions import retry_delivery
from crowd.admin.queries import count_pending_events, get_delivery, list_failed_deliveries, list_jobs
from crowd.admin.views.blueprint import bp
from crowd.core.permissions import Permission
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import requires
from crowd.web.text import _


@bp.get("/admin/jobs")
@requires(Permission.SITE_ADMIN)
def jobs() -> str:
    session = db.session()
    return render_template(
        "admin/jobs.html",
        jobs=list_jobs(session, utc_now()),
        failures=list_failed_deliveries(session),
        pending=count_pending_events(session),
    )


@bp.post("/admin/jobs/deliveries/<int:delivery_id>/retry")
@requires(Permission.SITE_ADMIN)
def retry(delivery_id: int) -> Response:
    delivery = get_delivery(db.session(), delivery_id)
    if delivery is None:
        abort(404)
    with transaction(delivery) as session:
        retry_delivery(session, delivery)
    flash(_("It is tried again within a minute."), "success")
    return redirect(url_for("admin.jobs"), 303)
