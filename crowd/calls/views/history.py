"""The logged acts of a call as moments of one timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crowd.calls.models import ScheduleShift
from crowd.core.events import EventKind
from crowd.core.rules import CallRules, Stage, from_data
from crowd.core.shifts import Act
from crowd.store.models import Event
from crowd.web.text import _l
from crowd.web.times import absolute
from crowd.web.words import ACTS, STAGES

EVENTS: dict[EventKind, Any] = {
    EventKind.CALL_PUBLISHED: _l("Published: the rules are frozen"),
    EventKind.AMENDMENT_PROPOSED: _l("An amendment of the rules was proposed: everybody who handed in is asked"),
    EventKind.CALL_AMENDED: _l("The rules were amended"),
    EventKind.AMENDMENT_LAPSED: _l("The amendment lapsed: not everybody consented"),
    EventKind.AMENDMENT_DROPPED: _l("The amendment was taken back"),
    EventKind.ROUND_OPENED: _l("A round opened: its list of candidates is frozen"),
    EventKind.ROUND_CANDIDATE_ADDED: _l("A candidate was added to a round"),
    EventKind.ROUND_IDEA_ADDED: _l("A proposal that came during the vote joined it"),
    EventKind.ROUND_COUNTED: _l("A round was counted"),
    EventKind.RESULTS_PUBLISHED: _l("Results published"),
    EventKind.OUTCOME_CORRECTED: _l("A published outcome was corrected"),
    EventKind.CREDIT_CORRECTED: _l("A published credit was corrected"),
}
AMENDMENTS = frozenset(
    {
        EventKind.AMENDMENT_PROPOSED,
        EventKind.CALL_AMENDED,
        EventKind.AMENDMENT_LAPSED,
        EventKind.AMENDMENT_DROPPED,
    }
)


@dataclass(frozen=True)
class Moved:
    stage: str
    before: str
    after: str


@dataclass(frozen=True)
class HistoryMoment:
    label: str
    at: datetime
    reason: str
    by: str | None
    moved: list[Moved]
    amendment: int | None = None  # its number


def moments_of(
    rules: CallRules,
    shifts: Sequence[tuple[ScheduleShift, str | None]],
    events: Sequence[tuple[Event, str | None]],
    *,
    names: bool,
) -> list[HistoryMoment]:
    """Newest first. `names`: also who did it, for the organization's own people."""
    acts = [
        HistoryMoment(str(ACTS[Act(s.act)]), s.at, s.reason, name if names else None, _moved(s, rules.time_zone))
        for s, name in shifts
    ]
    other = [
        HistoryMoment(
            str(EVENTS[event.kind]),
            event.at,
            event.reason or "",
            name if names else None,
            [],
            dict(event.data).get("number") if event.kind in AMENDMENTS else None,
        )
        for event, name in events
    ]
    return sorted(acts + other, key=lambda moment: moment.at, reverse=True)


def _moved(shift: ScheduleShift, zone: str) -> list[Moved]:
    """Every date that the act changed, before and after."""
    before = {stage.key: stage for stage in _stages(shift.before)}
    found: list[Moved] = []
    for stage in _stages(shift.after):
        was = before[stage.key]
        for old, new in ((was.opens_at, stage.opens_at), (was.closes_at, stage.closes_at)):
            if old != new and old is not None and new is not None:
                found.append(Moved(str(STAGES[stage.kind]), absolute(old, zone), absolute(new, zone)))
    return found


def _stages(data: Any) -> list[Stage]:
    return [from_data(Stage, each) for each in data]
