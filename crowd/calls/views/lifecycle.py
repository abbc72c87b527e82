"""The dates of a call as a calendar file; a past call as the draft of the next; calls put away."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, flash, redirect, request, url_for
from icalendar import Calendar, Event

from crowd.calls.actions.lifecycle import archive_call, clone_call
from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.calls.queries import count_shifts
from crowd.calls.views.blueprint import bp
from crowd.calls.views.cover import copied_cover, forget_files
from crowd.core.errors import DomainError
from crowd.core.permissions import Permission
from crowd.core.status import CallStatus
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.errors import sentence
from crowd.web.links import absolute_link
from crowd.web.text import _
from crowd.web.words import STAGES


@bp.get("/calls/<public_id>/dates.ics")
@call_gate.requires()
def calendar(found: Found[Call]) -> Response:
    """RFC 5545: stable identifiers, SEQUENCE raised with each shift of the schedule, times in the call's own zone."""
    facts, sequence = found.facts, count_shifts(db.session(), found.row.id)
    file = Calendar()
    file.add("prodid", "-//Apertura//Calls//EN")
    file.add("version", "2.0")
    zone, stamp = ZoneInfo(facts.rules.time_zone), utc_now().replace(microsecond=0)
    url = absolute_link(f"/calls/{found.row.public_id}")
    for stage in facts.schedule:
        entry = Event()
        entry.add("uid", f"{found.row.public_id}-{stage.key}@apertura")
        entry.add("sequence", sequence)
        entry.add("dtstamp", stamp)
        entry.add("dtstart", stage.opens_at.astimezone(zone))
        if stage.closes_at is not None:
            entry.add("dtend", stage.closes_at.astimezone(zone))
        entry.add("summary", f"{STAGES[stage.kind]}: {facts.rules.title}")
        entry.add("url", url)
        if facts.status in {CallStatus.CANCELLED, CallStatus.ENDED}:
            entry.add("status", "CANCELLED")
        file.add_component(entry)
    file.add_missing_timezones()
    headers = {"Content-Disposition": f'attachment; filename="{found.row.public_id}.ics"'}
    return Response(file.to_ical(), mimetype="text/calendar", headers=headers)


@bp.post("/calls/<public_id>/clone")
@call_gate.requires(Permission.CALL_MANAGE)
def clone(found: Found[Call]) -> Any:
    """The rules again as a draft, its dates shifted so that it opens tomorrow."""
    cover = copied_cover(found.row)
    try:
        with transaction(found.row) as session:
            made = clone_call(session, found.row, actor=current_actor(), now=utc_now(), cover=cover)
    except BaseException:
        forget_files(cover["files"].values() if cover else ())
        raise
    flash(_("A draft with the same rules is begun. Look at its dates."), "success")
    return redirect(url_for("calls.edit", public_id=made.public_id), 303)


@bp.post("/calls/<public_id>/archive")
@call_gate.requires(Permission.CALL_MANAGE)
def archive(found: Found[Call]) -> Any:
    """Out of the directory, still reachable; or back."""
    put_away = request.form.get("back") != "1"
    try:
        with transaction(found.row) as session:
            archive_call(session, found.row, put_away=put_away, actor=current_actor(), now=utc_now())
    except DomainError as error:
        flash(sentence(error.code), "warning")
        return redirect(url_for("pages.call", public_id=found.row.public_id), 303)
    done = _("The call is archived: out of the directory, still reachable.")
    flash(done if put_away else _("The call stands in the directory again."), "success")
    return redirect(url_for("pages.call", public_id=found.row.public_id), 303)
