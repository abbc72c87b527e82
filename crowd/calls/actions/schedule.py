"""Acts upon the schedule of a running call. Each needs a public reason, is logged with the dates before and after, and leaves
the frozen rules and their fingerprint as they are.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from crowd.calls.actions.publish import put_schedule
from crowd.calls.commands import AnnounceClose, Cancel, CloseEarly, End, Extend, Pause, Resume, ScheduleAct
from crowd.calls.gates import facts_of_call
from crowd.calls.models import Call, ScheduleShift
from crowd.calls.queries import count_drafts
from crowd.core.actor import Actor
from crowd.core.errors import IllegalMove, InvalidInput, StaleVersion
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.rules import to_data
from crowd.core.shifts import Act, Schedule, closed_early, extended, may_close_submission, resumed
from crowd.core.status import CallStatus, StageKind
from crowd.core.subjects import CallFacts
from crowd.store.events import record
from crowd.web.access import require

ACTS: dict[type[ScheduleAct], tuple[Act, EventKind]] = {
    Pause: (Act.PAUSE, EventKind.CALL_PAUSED),
    Resume: (Act.RESUME, EventKind.CALL_RESUMED),
    Extend: (Act.EXTEND, EventKind.CALL_EXTENDED),
    AnnounceClose: (Act.ANNOUNCE_CLOSE, EventKind.CALL_CLOSING_ANNOUNCED),
    CloseEarly: (Act.CLOSE_EARLY, EventKind.CALL_CLOSED_EARLY),
    Cancel: (Act.CANCEL, EventKind.CALL_CANCELLED),
    End: (Act.END, EventKind.CALL_ENDED),
}
_SOURCES: dict[type[ScheduleAct], frozenset[CallStatus]] = {
    Pause: frozenset({CallStatus.PUBLISHED}),
    Resume: frozenset({CallStatus.PAUSED}),
    Extend: frozenset({CallStatus.PUBLISHED}),
    AnnounceClose: frozenset({CallStatus.PUBLISHED}),
    CloseEarly: frozenset({CallStatus.PUBLISHED}),
    Cancel: frozenset({CallStatus.PUBLISHED, CallStatus.PAUSED}),
    End: frozenset({CallStatus.PUBLISHED, CallStatus.PAUSED}),
}
"""From where each act starts: repeating one (a double press, two managers) is refused."""


def shift_schedule(
    session: Session, call: Call, act: ScheduleAct, *, version: int, actor: Actor, now: datetime
) -> ScheduleShift:
    """Make an act upon the schedule; `call` must be locked.

    Raises IllegalMove when the act does not start from here, InvalidInput beside its field when the dates refuse it,
    StaleVersion when somebody moved the schedule since the form was opened.
    """
    facts = facts_of_call(session, call.id)
    require(actor, Permission.CALL_SCHEDULE, facts, now)
    kind, event = ACTS[type(act)]
    if call.status not in _SOURCES[type(act)]:
        raise IllegalMove(kind, call.status)
    if version != call.version:
        raise StaleVersion(version, call.version)
    source, schedule = call.status, _after(session, call, facts, act, now)
    _put_status(call, act, now)
    put_schedule(session, call, schedule, now)
    call.version += 1
    shift = _log(session, call, act, facts.schedule, schedule, actor=actor, now=now)
    record(
        session,
        event,
        now=now,
        actor_id=actor.account_id,
        organization_id=call.organization_id,
        call_id=call.id,
        subject_id=shift.id,
        source=source,
        target=call.status,
        reason=act.reason,
    )
    return shift


def _log(
    session: Session, call: Call, act: ScheduleAct, before: Schedule, after: Schedule, *, actor: Actor, now: datetime
) -> ScheduleShift:
    """The act with the dates before and after it, as the history shows them."""
    shift = ScheduleShift(
        call_id=call.id,
        act=ACTS[type(act)][0],
        at=now,
        by_id=actor.account_id,
        reason=act.reason,
        before=to_data(before),
        after=to_data(after),
    )
    session.add(shift)
    session.flush()
    return shift


def _after(session: Session, call: Call, facts: CallFacts, act: ScheduleAct, now: datetime) -> Schedule:
    match act:
        case Resume():
            return resumed(facts.schedule, call.paused_at or now, now)
        case Extend():
            return extended(facts.schedule, act.stage, act.until, now)
        case CloseEarly():
            _require_notice(session, call, facts, act, now)
            return closed_early(facts.schedule, act.stage, now, next_now=act.next_now)
        case AnnounceClose():
            if not facts.is_open(StageKind.SUBMISSION, now):
                raise InvalidInput("stage_not_open")
            return facts.schedule
        case _:
            return facts.schedule


def _require_notice(session: Session, call: Call, facts: CallFacts, act: CloseEarly, now: datetime) -> None:
    stage = next((stage for stage in facts.schedule if stage.key == act.stage), None)
    if stage is None or stage.kind is not StageKind.SUBMISSION:
        return
    drafts = count_drafts(session, call.id)
    if not may_close_submission(drafts=drafts, announced_at=call.closing_announced_at, rehearsal=call.is_demo, now=now):
        raise InvalidInput("notice_needed", "stage", drafts=drafts)


def _put_status(call: Call, act: ScheduleAct, now: datetime) -> None:
    match act:
        case Pause():
            call.status, call.paused_at = CallStatus.PAUSED, now
        case Resume():
            call.status, call.paused_at = CallStatus.PUBLISHED, None
        case Cancel() | End():
            call.status = CallStatus.CANCELLED if isinstance(act, Cancel) else CallStatus.ENDED
            call.paused_at, call.ended_at, call.ended_reason = None, now, act.reason
        case AnnounceClose():
            call.closing_announced_at = now
