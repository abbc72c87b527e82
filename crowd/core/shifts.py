"""Moving the dates of a published call: pure arithmetic on its schedule. The frozen rules never change."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from crowd.core.errors import InvalidInput
from crowd.core.rules import Stage

Schedule = tuple[Stage, ...]
NOTICE = timedelta(hours=24)
"""How long before an early close of submission it must be announced while drafts exist."""


class Act(StrEnum):
    """What people do to a running call; each is logged with its public reason."""

    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    ANNOUNCE_CLOSE = "announce_close"
    CLOSE_EARLY = "close_early"
    CANCEL = "cancel"
    END = "end"


def resumed(schedule: Sequence[Stage], paused_at: datetime, now: datetime) -> Schedule:
    """Every date that lay ahead when the call was paused, later by the length of the pause (up to the next whole minute)."""
    length = whole_minutes(now - paused_at)
    return tuple(_moved(stage, paused_at, length) for stage in schedule)


def whole_minutes(length: timedelta) -> timedelta:
    """Rounded up, so that deadlines keep their minute and nobody loses time."""
    return timedelta(minutes=-(-length // timedelta(minutes=1)))


def _moved(stage: Stage, after: datetime, by: timedelta) -> Stage:
    opens = stage.opens_at + by if stage.opens_at > after else stage.opens_at
    closes = stage.closes_at + by if stage.closes_at is not None and stage.closes_at > after else stage.closes_at
    return replace(stage, opens_at=opens, closes_at=closes)


def moved_by(schedule: Sequence[Stage], by: timedelta) -> Schedule:
    """Every date later by `by`."""
    return tuple(
        replace(stage, opens_at=stage.opens_at + by, closes_at=stage.closes_at + by if stage.closes_at else None)
        for stage in schedule
    )


def extended(schedule: Sequence[Stage], key: str, until: datetime, now: datetime) -> Schedule:
    """The stage called `key` closes at `until`; all that comes after it moves by the same time.

    Raises InvalidInput `stage_over` (it cannot be opened again), `stage_has_no_end`, `not_later`.
    """
    place = _place(schedule, key)
    stage = schedule[place]
    if stage.closes_at is None:
        raise InvalidInput("stage_has_no_end", "stage")
    if stage.closes_at <= now:
        raise InvalidInput("stage_over", "stage")
    if until <= stage.closes_at:
        raise InvalidInput("not_later", "until")
    by = until - stage.closes_at
    later = (_moved(following, datetime.min.replace(tzinfo=until.tzinfo), by) for following in schedule[place + 1 :])
    return (*schedule[:place], replace(stage, closes_at=until), *later)


def closed_early(schedule: Sequence[Stage], key: str, now: datetime, *, next_now: bool) -> Schedule:
    """The open stage called `key` closes now. The next one opens at once, or at its date; it keeps its own end.

    Raises InvalidInput `stage_not_open` when it is not open, `stage_too_young` in the very second it opened.
    """
    place = _place(schedule, key)
    stage, moment = schedule[place], now.replace(microsecond=0)
    if stage.closes_at is None or not stage.opens_at <= now < stage.closes_at:
        raise InvalidInput("stage_not_open", "stage")
    if moment <= stage.opens_at:
        raise InvalidInput("stage_too_young", "stage")
    later = list(schedule[place + 1 :])
    if next_now and later:
        later[0] = replace(later[0], opens_at=moment)
    return (*schedule[:place], replace(stage, closes_at=moment), *later)


def _place(schedule: Sequence[Stage], key: str) -> int:
    for place, stage in enumerate(schedule):
        if stage.key == key:
            return place
    raise InvalidInput("unknown_stage", "stage")


def may_close_submission(*, drafts: int, announced_at: datetime | None, rehearsal: bool, now: datetime) -> bool:
    """People who are writing get a day's notice; where nobody is, and in demos and rehearsals, none is needed."""
    return drafts == 0 or rehearsal or (announced_at is not None and announced_at + NOTICE <= now)
