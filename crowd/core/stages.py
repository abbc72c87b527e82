"""Where a call stands, computed from its schedule and the clock. No job can stall this."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crowd.core.rules import Stage
from crowd.core.status import StageKind

SHORTEST = timedelta(minutes=1)


@dataclass(frozen=True)
class Position:
    """`current` is the open stage, or None before, between and after stages; `previous` and `following` are its neighbours."""

    current: Stage | None
    previous: Stage | None
    following: Stage | None

    @property
    def kind(self) -> StageKind | None:
        return self.current.kind if self.current else None


def stage_at(schedule: Sequence[Stage], now: datetime) -> Position:
    """The position of `now` in a schedule in order. A stage holds from `opens_at` up to, not including, `closes_at`."""
    previous: Stage | None = None
    for index, stage in enumerate(schedule):
        if now < stage.opens_at:
            return Position(None, previous, stage)
        if stage.closes_at is None or now < stage.closes_at:
            following = schedule[index + 1] if index + 1 < len(schedule) else None
            return Position(stage, previous, following)
        previous = stage
    return Position(None, previous, None)


def is_open(schedule: Iterable[Stage], key_or_kind: str, now: datetime) -> bool:
    """True while a stage with this key or kind is open."""
    return any(
        key_or_kind in {stage.key, stage.kind}
        and stage.opens_at <= now
        and (stage.closes_at is None or now < stage.closes_at)
        for stage in schedule
    )


def opens_at(schedule: Iterable[Stage], kind: StageKind) -> datetime | None:
    return next((stage.opens_at for stage in schedule if stage.kind is kind), None)


JUDGING = frozenset({StageKind.VOTING, StageKind.REVIEW, StageKind.SELECTION, StageKind.RESULTS})


def last_late(schedule: Iterable[Stage]) -> datetime | None:
    """When judging begins: nobody hands in after that, whatever was permitted."""
    return min((stage.opens_at for stage in schedule if stage.kind in JUDGING), default=None)


def closes_at(schedule: Iterable[Stage], kind: StageKind) -> datetime | None:
    """When the last stage of this kind closes."""
    return max(
        (s.closes_at for s in schedule if s.kind is kind and s.closes_at is not None),
        default=None,
    )


@dataclass(frozen=True)
class ScheduleFault:
    """What is wrong with a schedule: a code for the sentence and the stages it is about."""

    code: str
    stage: Stage | None = None
    other: Stage | None = None


def faults(schedule: Sequence[Stage]) -> list[ScheduleFault]:
    """All that is wrong with a schedule.

    Codes: `no_submission`, `submission_not_first`, `no_results`, `results_before_end`, `no_end` (only the last may stay open),
    `too_short` (under a minute), `out_of_order` (opens before the one above closes), `duplicate_key`.
    """
    found: list[ScheduleFault] = []
    kinds = [stage.kind for stage in schedule]
    if StageKind.SUBMISSION not in kinds:
        found.append(ScheduleFault("no_submission"))
    elif kinds[0] is not StageKind.SUBMISSION:
        found.append(ScheduleFault("submission_not_first", schedule[0]))
    if StageKind.RESULTS not in kinds:
        found.append(ScheduleFault("no_results"))
    elif set(kinds[kinds.index(StageKind.RESULTS) + 1 :]) - {StageKind.FOLLOW_UP}:
        found.append(ScheduleFault("results_before_end", schedule[kinds.index(StageKind.RESULTS)]))
    if len({stage.key for stage in schedule}) < len(schedule):
        found.append(ScheduleFault("duplicate_key"))
    for index, stage in enumerate(schedule):
        if stage.closes_at is None:
            if index + 1 < len(schedule):
                found.append(ScheduleFault("no_end", stage))
        elif stage.closes_at - stage.opens_at < SHORTEST:
            found.append(ScheduleFault("too_short", stage))
        if index and (before := schedule[index - 1]).closes_at is not None and stage.opens_at < before.closes_at:
            found.append(ScheduleFault("out_of_order", stage, before))
    return found
