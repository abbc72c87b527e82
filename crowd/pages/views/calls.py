"""The directory of calls and the page of one."""

from flask import render_template

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.calls.queries import list_shifts
from crowd.core.checklist import missing
from crowd.core.shifts import NOTICE
from crowd.core.status import CallStatus, StageKind
from crowd.core.subjects import CallFacts
from crowd.pages.views.blueprint import bp
from crowd.pages.views.call_story import schedule_lines, steps_of
from crowd.store.db import db, utc_now
from crowd.web.access import Found


@bp.get("/calls/<public_id>")
@call_gate.requires()
def call(found: Found[Call]) -> str:
    facts: CallFacts = found.facts
    shifts = list_shifts(db.session(), found.row.id)
    announced = found.row.closing_announced_at
    closing = announced + NOTICE if announced and facts.is_open(StageKind.SUBMISSION, utc_now()) else None
    return render_template(
        "pages/call.html",
        found=found,
        call=found.row,
        rules=facts.rules,
        steps=steps_of(facts.rules),
        lines=schedule_lines(facts),
        last_shift=shifts[0][0] if shifts else None,
        closing_from=closing,
        gaps=len(missing(facts.rules, utc_now())) if facts.status is CallStatus.DRAFT else 0,
    )
