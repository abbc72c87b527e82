"""Rules that an organization keeps by a name, and calls begun from them."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.calls.actions.draft import put_rules
from crowd.calls.actions.lifecycle import begun_again
from crowd.calls.gates import facts_of_call, written_rules
from crowd.calls.models import Call, CallTemplate
from crowd.core.actor import Actor
from crowd.core.errors import InvalidInput
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.rules import CallRules, from_data, to_data
from crowd.organizations.gates import organization_facts
from crowd.organizations.models import Organization
from crowd.store.events import record
from crowd.web.access import require

MOST_TEMPLATES = 50


def keep_template(session: Session, call: Call, name: str, *, actor: Actor, now: datetime) -> CallTemplate:
    """Keep what is written in a call; `call` is locked. A template of the same name is replaced.

    Raises InvalidInput `too_many_templates`.
    """
    require(actor, Permission.CALL_MANAGE, facts_of_call(session, call.id), now)
    mine = CallTemplate.organization_id == call.organization_id
    template = session.scalar(select(CallTemplate).where(mine, CallTemplate.name == name))
    if template is None:
        if (session.scalar(select(func.count()).where(mine)) or 0) >= MOST_TEMPLATES:
            raise InvalidInput("too_many_templates", "name", most=MOST_TEMPLATES)
        template = CallTemplate(organization_id=call.organization_id, name=name)
        session.add(template)
    template.rules, template.by_id, template.made_at = to_data(written_rules(call)), actor.account_id, now
    session.flush()
    _record(session, EventKind.CALL_TEMPLATE_KEPT, template, actor, now, call_id=call.id)
    return template


def remove_template(
    session: Session, template: CallTemplate, organization: Organization, *, actor: Actor, now: datetime
) -> None:
    """Calls begun from it stay as they are."""
    require(actor, Permission.CALL_CREATE, organization_facts(organization), now)
    _record(session, EventKind.CALL_TEMPLATE_REMOVED, template, actor, now)
    session.delete(template)


def begin_from(
    session: Session, template: CallTemplate, organization: Organization, *, actor: Actor, now: datetime
) -> Call:
    """A draft with the template's rules that opens tomorrow; `organization` is whose template it is."""
    require(actor, Permission.CALL_CREATE, organization_facts(organization), now)
    call = Call(
        organization_id=organization.id, created_by_id=actor.account_id, created_at=now, edited_at=now, version=1
    )
    put_rules(call, begun_again(from_data(CallRules, template.rules), now))
    session.add(call)
    session.flush()
    _record(session, EventKind.CALL_CREATED, template, actor, now, call_id=call.id)
    return call


def _record(
    session: Session,
    kind: EventKind,
    template: CallTemplate,
    actor: Actor,
    now: datetime,
    *,
    call_id: int | None = None,
) -> None:
    record(
        session,
        kind,
        now=now,
        actor_id=actor.account_id,
        organization_id=template.organization_id,
        call_id=call_id,
        subject_id=template.id,
    )
