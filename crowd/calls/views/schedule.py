"""Moving the dates of a running call, the history of such acts, and the frozen rules as data."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for

from crowd.calls.actions import shift_schedule
from crowd.calls.forms.schedule import ActForm, form_of
from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.calls.queries import count_permits, list_history, list_shifts
from crowd.calls.views.blueprint import bp
from crowd.calls.views.history import moments_of
from crowd.core.errors import InvalidInput, StaleVersion
from crowd.core.permissions import Permission
from crowd.core.shifts import NOTICE, Act
from crowd.core.status import CallStatus, StageKind
from crowd.core.subjects import CallFacts
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, allowed, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _, _l
from crowd.web.words import STAGES

TITLES: dict[Act, Any] = {
    Act.EXTEND: _l("Give a stage more time"),
    Act.ANNOUNCE_CLOSE: _l("Announce an early close"),
    Act.CLOSE_EARLY: _l("Close the open stage now"),
    Act.PAUSE: _l("Pause the call"),
    Act.RESUME: _l("Go on with the call"),
    Act.CANCEL: _l("Cancel the call"),
    Act.END: _l("End the call without a winner"),
}
TEXTS: dict[Act, Any] = {
    Act.EXTEND: _l("Everything that comes after moves by the same time."),
    Act.ANNOUNCE_CLOSE: _l("While people are writing, proposals may be closed early only 24 hours after saying so."),
    Act.CLOSE_EARLY: _l("The stage closes at once. It cannot be opened again."),
    Act.PAUSE: _l(
        "Nothing can be handed in, voted or reviewed until the call goes on; then every date moves by the length of the pause."
    ),
    Act.RESUME: _l("Every date that lay ahead moves by the length of the pause."),
    Act.CANCEL: _l("The call is over for good. Proposals stay as they are; everybody concerned is told."),
    Act.END: _l("The call is over for good, and no proposal is selected. Everybody concerned is told."),
}


@bp.get("/calls/<public_id>/schedule")
@call_gate.requires(Permission.CALL_MANAGE)
def schedule(found: Found[Call]) -> str:
    """The dates in force, and what may be done to them."""
    return _page(found, None)


@bp.post("/calls/<public_id>/schedule/<any({}):act>".format(",".join(f'"{act.value}"' for act in Act)))
@call_gate.requires(Permission.CALL_SCHEDULE)
def shift(found: Found[Call], act: str) -> Any:
    """One act upon the schedule."""
    form = form_of(Act(act), found.facts, request.form, found.row.version)
    command = form.command() if form.validate() else None
    if command is None:
        return _page(found, form), 422
    try:
        with transaction(found.row) as session:
            shift_schedule(session, found.row, command, version=form.opened, actor=current_actor(), now=utc_now())
    except (InvalidInput, StaleVersion) as error:
        fill_errors(form, error)
        again = call_gate.load(found.row.public_id)
        form.version.data = str(again.row.version)
        return _page(again, form), error.status
    flash(_("Done. It stands in the history with its reason."), "success")
    return redirect(url_for("calls.schedule", public_id=found.row.public_id), 303)


def possible_acts(facts: CallFacts) -> list[Act]:
    """What can be done to the schedule now, in the order of use."""
    now = utc_now()
    if facts.results_published or facts.status not in {CallStatus.PUBLISHED, CallStatus.PAUSED}:
        return []
    if facts.status is CallStatus.PAUSED:
        return [Act.RESUME, Act.CANCEL, Act.END]
    current = facts.position(now).current
    acts = [Act.EXTEND] if any(s.closes_at is not None and s.closes_at > now for s in facts.schedule) else []
    if facts.is_open(StageKind.SUBMISSION, now):
        acts.append(Act.ANNOUNCE_CLOSE)
    if current and current.closes_at is not None:
        acts.append(Act.CLOSE_EARLY)
    return [*acts, Act.PAUSE, Act.CANCEL, Act.END]


def _page(found: Found[Call], tried: ActForm | None) -> str:
    """`tried`: the form that was refused, shown again with what was typed."""
    call, facts = found.row, found.facts
    acts = possible_acts(facts) if allowed(Permission.CALL_SCHEDULE, facts) else []
    if tried is not None and tried.act not in acts:
        acts = [tried.act, *acts]
    announced = call.closing_announced_at
    return render_template(
        "calls/schedule.html",
        found=found,
        call=call,
        rules=facts.rules,
        forms=[
            tried if tried is not None and tried.act is act else form_of(act, facts, None, call.version) for act in acts
        ],
        tried=tried.act if tried else None,
        titles=TITLES,
        texts=TEXTS,
        stage_words=STAGES,
        announced_until=announced + NOTICE if announced else None,
        frozen={stage.key: stage for stage in facts.rules.stages},
    )


@bp.get("/calls/<public_id>/history")
@call_gate.requires()
def history(found: Found[Call]) -> str:
    """What was done with this call, when and why."""
    session, staff = db.session(), allowed(Permission.CALL_MANAGE, found.facts)
    shifts, events = list_shifts(session, found.row.id), list_history(session, found.row.id)
    return render_template(
        "calls/history.html",
        found=found,
        call=found.row,
        rules=found.facts.rules,
        permits=count_permits(session, found.row.id),
        moments=moments_of(found.facts.rules, shifts, events, names=staff),
    )


@bp.get("/calls/<public_id>/rules.json")
@call_gate.requires()
def rules(found: Found[Call]) -> Response:
    """The frozen rules exactly as they were hashed: `sha256sum` of this file is the fingerprint."""
    if found.row.rules is None:
        abort(404)
    return Response(found.row.rules.encode(), mimetype="application/json")
