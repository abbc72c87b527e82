"""Short words about nouns that lists of several pages share."""

from collections.abc import Iterable

from crowd.calls.gates import rules_of, schedule_of
from crowd.calls.models import Call
from crowd.core.stages import stage_at
from crowd.core.status import CallStatus, OrganizationRole, StageKind
from crowd.pages.views.blueprint import bp
from crowd.store.db import utc_now
from crowd.web.text import _, _l
from crowd.web.words import credited_name, role_names

ROLES = {
    OrganizationRole.OWNER: _l("Owner"),
    OrganizationRole.MANAGER: _l("Manager"),
    OrganizationRole.MODERATOR: _l("Moderator"),
    OrganizationRole.MEMBER: _l("Member"),
}
STAGES = {
    StageKind.SUBMISSION: _l("Taking proposals"),
    StageKind.SCREENING: _l("Being screened"),
    StageKind.DISCUSSION: _l("In discussion"),
    StageKind.VOTING: _l("Voting open"),
    StageKind.REVIEW: _l("With the jury"),
    StageKind.SELECTION: _l("Being decided"),
    StageKind.OBJECTION: _l("Open to objections"),
    StageKind.RESULTS: _l("Results"),
    StageKind.FOLLOW_UP: _l("In follow-up"),
}


@bp.app_template_global()
def role_words(role: OrganizationRole) -> str:
    return str(ROLES[role])


@bp.app_template_global()
def stage_words(call: Call) -> str:
    """Where a call stands, in two or three words; its stages must be loaded."""
    if call.status is CallStatus.DRAFT:
        return ""
    if call.results_published_at is not None:
        return _("Results published")
    position = stage_at(schedule_of(call), utc_now())
    if position.kind is not None:
        return str(STAGES[position.kind])
    return _("Opens soon") if position.previous is None else _("Between stages")


@bp.app_template_global()
def prize_of(call: Call) -> str:
    return rules_of(call).prize


@bp.app_template_global()
def credit_roles(keys: Iterable[str]) -> str:
    """Names of roles, joined."""
    return ", ".join(role_names(keys))


@bp.app_template_filter()
def credited(name: str) -> str:
    """The name of whoever is credited, or what stands for it."""
    return credited_name(name)
