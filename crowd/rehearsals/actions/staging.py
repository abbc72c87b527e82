"""The copy: the same rules, but seen by the organization's managers alone and opening now."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from crowd.calls.actions import freeze
from crowd.calls.gates import facts_of_call, rules_of
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.checklist import missing
from crowd.core.errors import InvalidInput
from crowd.core.permissions import Permission
from crowd.core.rules import Audience, CallRules
from crowd.core.shifts import moved_by
from crowd.rounds.actions.publishing import commit_to_secrets, make_rounds
from crowd.store.search import forget_text
from crowd.web.access import require

BEFORE = timedelta(minutes=1)


def start_rehearsal(session: Session, call: Call, *, actor: Actor, now: datetime) -> Call:
    """A rehearsal of a call or of its draft; its first stage has just opened. Raises InvalidInput `call_incomplete`."""
    require(actor, Permission.CALL_MANAGE, facts_of_call(session, call.id), now)
    rules, kept = commit_to_secrets(_rehearsed(rules_of(call), now))
    gaps = missing(rules, now)
    if gaps:
        raise InvalidInput("call_incomplete", count=len(gaps))
    rehearsal = Call(
        organization_id=call.organization_id,
        created_by_id=actor.account_id,
        created_at=now,
        edited_at=now,
        draft={},
        version=1,
        is_rehearsal=True,
        rehearsal_of_id=call.id,
    )
    freeze(session, rehearsal, rules, published_by=actor.account_id, now=now, add=True)
    make_rounds(session, rehearsal.id, rules, kept)
    forget_text(session, "call", rehearsal.id)
    session.flush()
    return rehearsal


def _rehearsed(rules: CallRules, now: datetime) -> CallRules:
    if not rules.stages:
        return rules
    by = now.replace(second=0, microsecond=0) - BEFORE - rules.stages[0].opens_at
    return replace(rules, audience=Audience.INVITED, stages=moved_by(rules.stages, by))
