"""What is amiss in a call, and in all calls of an organization: each a sentence that leads to its mend."""

from flask import render_template

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.permissions import Permission
from crowd.core.status import ProposalStatus
from crowd.desk.queries.figures import figures_of, list_running
from crowd.desk.views.blueprint import bp
from crowd.desk.views.problems import told
from crowd.desk.views.words import STATUSES
from crowd.organizations.gates import organization_gate
from crowd.organizations.models import Organization
from crowd.proposals.queries import count_by_status
from crowd.store.db import db, utc_now
from crowd.web.access import Found, allowed


@bp.get("/calls/<public_id>/desk")
@call_gate.requires(Permission.DESK_VIEW)
def overview(found: Found[Call]) -> str:
    session, now = db.session(), utc_now()
    figures = figures_of(session, [found.row], now)[found.row.id]
    counts = count_by_status(session, [found.row.id])[found.row.id]
    return render_template(
        "desk/overview.html",
        found=found,
        call=found.row,
        problems=told(found.row, figures, now),
        statuses=[(status, words, counts[status]) for status, words in STATUSES.items() if counts[status]],
        drafts=counts[ProposalStatus.DRAFT],
        may_send=allowed(Permission.MESSAGE_SEND, found.facts),
    )


@bp.get("/organizations/<slug>/desk")
@organization_gate.requires(Permission.ORGANIZATION_EDIT)
def of_organization(found: Found[Organization]) -> str:
    """All calls that still want something."""
    session, now = db.session(), utc_now()
    calls = list_running(session, found.row.id)
    figures = figures_of(session, calls, now)
    lists = [(call, told(call, figures[call.id], now)) for call in calls]
    return render_template(
        "desk/organization.html",
        found=found,
        organization=found.row,
        lists=[(call, problems) for call, problems in lists if problems],
        quiet=[call for call, problems in lists if not problems],
        total=sum(len(problems) for _call, problems in lists),
    )
