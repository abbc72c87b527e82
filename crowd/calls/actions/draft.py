"""Writing a call: a draft of its rules that only the organization's managers see."""

from datetime import datetime

from sqlalchemy.orm import Session

from crowd.calls.commands import Change, NewCall, changed
from crowd.calls.gates import facts_of_call, written_rules
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.errors import StaleVersion
from crowd.core.events import EventKind
from crowd.core.outline import outline
from crowd.core.permissions import Permission
from crowd.core.rules import CallRules, to_data
from crowd.core.stages import closes_at
from crowd.core.status import CallStatus, StageKind
from crowd.organizations.gates import organization_facts
from crowd.organizations.models import Organization
from crowd.store.events import record
from crowd.web.access import require


def create_call(session: Session, organization: Organization, new: NewCall, *, actor: Actor, now: datetime) -> Call:
    """A draft with the usual stages and rounds for how the call is to be decided."""
    require(actor, Permission.CALL_CREATE, organization_facts(organization), now)
    rules = outline(
        new.shape, title=new.title, language=new.language, time_zone=new.time_zone, wording=new.wording, now=now
    )
    call = Call(organization_id=organization.id, created_by_id=actor.account_id, created_at=now, edited_at=now)
    put_rules(call, rules)
    session.add(call)
    session.flush()
    record(
        session,
        EventKind.CALL_CREATED,
        now=now,
        actor_id=actor.account_id,
        organization_id=organization.id,
        call_id=call.id,
    )
    return call


def edit_draft(session: Session, call: Call, change: Change, *, version: int, actor: Actor, now: datetime) -> CallRules:
    """Put one section's change into the draft, of the call or of its amendment; `call` must be locked. Returns the new rules.

    Raises StaleVersion when somebody saved since the form was opened.
    """
    require(actor, Permission.CALL_EDIT, facts_of_call(session, call.id), now)
    if version != call.version:
        raise StaleVersion(version, call.version)
    rules = changed(written_rules(call), change)
    if call.status is CallStatus.DRAFT:
        put_rules(call, rules)
    call.draft = to_data(rules)
    call.edited_at = now
    call.version += 1
    session.flush()  # a second change of the same commit reads the row again
    return rules


def delete_draft(session: Session, call: Call, *, actor: Actor, now: datetime) -> None:
    """A call that was never published leaves no trace but the events of its making."""
    require(actor, Permission.CALL_DELETE, facts_of_call(session, call.id), now)
    session.delete(call)


def put_rules(call: Call, rules: CallRules) -> None:
    """The draft, and the columns that repeat it for SQL."""
    put_columns(call, rules)
    call.submission_closes_at = closes_at(rules.stages, StageKind.SUBMISSION)


def put_columns(call: Call, rules: CallRules) -> None:
    """The draft and what repeats it, but for the dates: those of the schedule in force stand beside the rules."""
    call.draft = to_data(rules)
    call.title, call.lead = rules.title, rules.lead
    call.audience = rules.audience
    call.publicity = rules.publicity
    call.results_publicity = rules.results_publicity
