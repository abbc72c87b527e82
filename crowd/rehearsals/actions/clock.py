"""The movable clock: time passes by pulling the rehearsal's whole schedule towards the past."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.actions.publish import put_schedule
from crowd.calls.gates import facts_of_call
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.errors import InvalidInput
from crowd.core.permissions import Permission
from crowd.core.rules import FieldKind, RoundKind
from crowd.core.shifts import moved_by
from crowd.rounds.actions import open_due
from crowd.rounds.gates import facts_of_round
from crowd.rounds.models import CallRound
from crowd.selection.actions.advance import confirm_field
from crowd.selection.commands import Advance
from crowd.selection.queries.field import field_of
from crowd.voting.actions import count_round
from crowd.web.access import require

SECOND = timedelta(seconds=1)
REASON = "Rehearsal."


def move_clock(session: Session, call: Call, by: timedelta, *, actor: Actor, now: datetime) -> None:
    """Let time pass; what the clock does by itself (rounds open, votes are counted) is done at once. `call` is locked."""
    facts = facts_of_call(session, call.id)
    require(actor, Permission.REHEARSAL_RUN, facts, now)
    put_schedule(session, call, moved_by(facts.schedule, -by), now)
    session.flush()
    session.expire(call, ["stages"])
    _catch_up(session, call, actor, now)


def to_next_stage(session: Session, call: Call, *, actor: Actor, now: datetime) -> None:
    """Up to the moment after the next date of the schedule. Raises InvalidInput `rehearsal_at_end`."""
    facts = facts_of_call(session, call.id)
    dates = [date for stage in facts.schedule for date in (stage.opens_at, stage.closes_at) if date and date > now]
    if not dates:
        raise InvalidInput("rehearsal_at_end")
    move_clock(session, call, min(dates) - now + SECOND, actor=actor, now=now)


def _catch_up(session: Session, call: Call, actor: Actor, now: datetime) -> None:
    rows = session.scalars(
        select(CallRound).where(CallRound.call_id == call.id).order_by(CallRound.position).with_for_update()
    )
    for row in rows.all():
        facts = facts_of_round(session, row)
        if facts.is_open(now) and row.confirmed_at is None and facts.round.field.kind is not FieldKind.ALL:
            found = field_of(session, facts.call, row, actor, now)
            reasons = {entry.candidate: REASON for entry in found.choice.left_out}
            confirm_field(session, row, Advance(reasons), actor=actor, now=now)
        open_due(session, row, now)
        session.flush()
        over = facts.is_over(now) and row.opened_at is not None
        if row.kind is RoundKind.VOTE and over and row.counted_at is None:
            count_round(session, row, now)
            session.flush()
