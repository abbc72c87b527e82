"""Freezing the rules: canonical JSON with its fingerprint, the schedule in force beside it, tags, search."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.actions.draft import put_rules
from crowd.calls.gates import facts_of_call, rules_of
from crowd.calls.models import Call, CallStage, CallTag
from crowd.core.actor import Actor
from crowd.core.checklist import missing
from crowd.core.errors import InvalidInput, StaleVersion
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.rules import CallRules, canonical, fingerprint
from crowd.core.shifts import Schedule
from crowd.core.stages import closes_at
from crowd.core.status import CallStatus, StageKind
from crowd.store.events import record
from crowd.store.search import index_text
from crowd.web.access import require
from crowd.web.markup import plain


def publish_call(session: Session, call: Call, *, version: int, actor: Actor, now: datetime) -> None:
    """Freeze the draft and put it in force; `call` must be locked.

    Raises InvalidInput `call_incomplete` while anything is missing, StaleVersion when the draft changed since it was shown.
    """
    require(actor, Permission.CALL_PUBLISH, facts_of_call(session, call.id), now)
    if version != call.version:
        raise StaleVersion(version, call.version)
    rules = rules_of(call)
    gaps = missing(rules, now)
    if gaps:
        raise InvalidInput("call_incomplete", count=len(gaps))
    freeze(session, call, rules, published_by=actor.account_id, now=now)
    record(
        session,
        EventKind.CALL_PUBLISHED,
        now=now,
        actor_id=actor.account_id,
        organization_id=call.organization_id,
        call_id=call.id,
        source=CallStatus.DRAFT,
        target=CallStatus.PUBLISHED,
        rules_sha256=call.rules_sha256,
    )


def freeze(
    session: Session, call: Call, rules: CallRules, *, published_by: int | None, now: datetime, add: bool = False
) -> None:
    """The rows of a published call (also for imports and rehearsals, which judge by themselves). Rounds are made by `rounds`.

    `add`: the call is new.
    """
    put_rules(call, rules)
    call.rules = canonical(rules).decode()
    call.rules_sha256 = fingerprint(rules)
    call.status = CallStatus.PUBLISHED
    call.published_at, call.published_by_id = now, published_by
    call.version += 1
    if add:
        session.add(call)
    session.flush()
    put_schedule(session, call, rules.stages, now)
    index_call(session, call, rules)


def index_call(session: Session, call: Call, rules: CallRules) -> None:
    """Tags and the text by which the call is found; it has none yet."""
    session.add_all(CallTag(call_id=call.id, tag=tag) for tag in sorted(set(rules.tags)))
    index_text(session, "call", call.id, rules.title, _searchable(rules))


def _searchable(rules: CallRules) -> str:
    return "\n".join([rules.lead, plain(rules.body), rules.eligibility, rules.prize, *rules.tags])


def put_schedule(session: Session, call: Call, schedule: Schedule, now: datetime) -> None:
    """The schedule in force. Rows keep their id and whether they were announced; only dates move."""
    rows = {row.key: row for row in session.scalars(select(CallStage).where(CallStage.call_id == call.id))}
    for place, stage in enumerate(schedule):
        row = rows.get(stage.key)
        if row is None:
            row = CallStage(call_id=call.id, position=place, key=stage.key, kind=stage.kind)
            session.add(row)
        row.opens_at, row.closes_at = stage.opens_at, stage.closes_at
    call.submission_closes_at = closes_at(schedule, StageKind.SUBMISSION)
    call.next_change_at = next_change(schedule, now)


def next_change(schedule: Schedule, now: datetime) -> datetime | None:
    """When the next stage opens or closes; a hint for jobs."""
    moments = [moment for stage in schedule for moment in (stage.opens_at, stage.closes_at) if moment is not None]
    return min((moment for moment in moments if moment > now), default=None)
