"""Writing an amendment in a copy of the frozen rules, and putting amended rules in force."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from crowd.calls.actions.draft import put_columns
from crowd.calls.actions.publish import index_call
from crowd.calls.gates import facts_of_call, rules_of
from crowd.calls.models import Call, CallTag
from crowd.core.actor import Actor
from crowd.core.permissions import Permission
from crowd.core.rules import CallRules, canonical, fingerprint, to_data
from crowd.web.access import require


def begin_amendment(session: Session, call: Call, *, actor: Actor, now: datetime) -> None:
    """Open a copy of the rules for writing; `call` must be locked. One that was begun goes on."""
    require(actor, Permission.CALL_AMEND, facts_of_call(session, call.id), now)
    if call.amending_at is None:
        call.amending_at, call.draft = now, to_data(rules_of(call))
        call.version += 1


def drop_written(session: Session, call: Call, *, actor: Actor, now: datetime) -> None:
    """Throw the copy away; the rules in force stay as they are."""
    require(actor, Permission.CALL_AMEND, facts_of_call(session, call.id), now)
    close_written(call)


def close_written(call: Call) -> None:
    call.amending_at, call.draft = None, to_data(rules_of(call))
    call.version += 1


def put_amended(session: Session, call: Call, rules: CallRules) -> None:
    """The amended rules are the frozen ones from now on; the schedule in force stays. Whoever calls has judged and records."""
    put_columns(call, rules)
    call.amending_at = None
    call.rules, call.rules_sha256 = canonical(rules).decode(), fingerprint(rules)
    call.version += 1
    session.execute(delete(CallTag).where(CallTag.call_id == call.id))
    index_call(session, call, rules)
    session.flush()
