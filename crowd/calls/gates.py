"""Calls by their public id, and the facts permissions ask about."""

import json
from functools import cache, lru_cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from crowd.calls.models import Call
from crowd.core.permissions import Permission
from crowd.core.rules import CallRules, Stage, from_data
from crowd.core.subjects import CallFacts
from crowd.organizations.gates import organization_facts
from crowd.web.access import Found, Gate


@lru_cache(maxsize=512)
def frozen_rules(text: str) -> CallRules:
    """The rules of a published call from their canonical JSON."""
    return from_data(CallRules, json.loads(text))


def rules_of(call: Call) -> CallRules:
    """The frozen rules, or the draft while the call is a draft."""
    return frozen_rules(call.rules) if call.rules is not None else from_data(CallRules, call.draft)


def written_rules(call: Call) -> CallRules:
    """What is being written: the draft of a call, or of its next amendment."""
    return from_data(CallRules, call.draft)


def schedule_of(call: Call) -> tuple[Stage, ...]:
    """The schedule in force; `call.stages` must be loaded. A draft's schedule is the one being written."""
    if call.rules is None:
        return rules_of(call).stages
    return tuple(Stage(stage.key, stage.kind, stage.opens_at, stage.closes_at) for stage in call.stages)


def call_facts(call: Call) -> CallFacts:
    """`call.organization` and `call.stages` must be loaded."""
    return CallFacts(
        id=call.id,
        organization=organization_facts(call.organization),
        status=call.status,
        rules=rules_of(call),
        schedule=schedule_of(call),
        results_published=call.results_published_at is not None,
        paused_at=call.paused_at,
        amending=call.amending_at is not None,
        rehearsal=call.is_rehearsal,
        list_frozen=call.list_frozen_at is not None,
    )


def find_call(session: Session, public_id: str) -> Found[Call] | None:
    call = session.scalar(_by_public_id(), {"public_id": public_id})
    return Found(call, call_facts(call)) if call else None


@cache
def _by_public_id() -> Select[Call]:
    """Asked on every page of a call, so built once."""
    return (
        select(Call)
        .join(Call.organization)
        .where(Call.public_id == bindparam("public_id"))
        .options(contains_eager(Call.organization), selectinload(Call.stages))
    )


def facts_of_call(session: Session, call_id: int) -> CallFacts:
    """Fresh facts inside a transaction, whatever was loaded before."""
    call = session.scalars(
        select(Call)
        .where(Call.id == call_id)
        .options(selectinload(Call.organization), selectinload(Call.stages))
        .execution_options(populate_existing=True)
    ).one()
    return call_facts(call)


call_gate = Gate(find_call, Permission.CALL_VIEW)
