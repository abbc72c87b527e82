"""Results are provisional while people may object and until every objection is answered; then they are final."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crowd.core.rules import Stage
from crowd.core.status import StageKind

MOST_OPEN = 5
"""Objections of one person that may wait for an answer at the same time, per call."""
DECIDED_ANEW = ("reason", "outcome", "moved_up", "left_empty")
"""Changes of a published result that the organization makes; declining and taking up is the authors' own."""


class Finality(StrEnum):
    """How firm a published result is."""

    OPEN = "open"  # objections are taken
    ANSWERING = "answering"  # none is taken any more, some wait for an answer
    FINAL = "final"


@dataclass(frozen=True)
class Window:
    """When objections to a published result are taken, `closes_at` not included."""

    opens_at: datetime
    closes_at: datetime

    def is_open(self, now: datetime) -> bool:
        return self.opens_at <= now < self.closes_at


def window_of(schedule: Iterable[Stage], published_at: datetime | None) -> Window | None:
    """None without results or without an objection stage in the schedule.

    Results that are published late shorten nobody's time: from then on it is as long as the stage was meant to be.
    """
    stage = next((stage for stage in schedule if stage.kind is StageKind.OBJECTION), None)
    if published_at is None or stage is None or stage.closes_at is None:
        return None
    if published_at <= stage.opens_at:
        return Window(stage.opens_at, stage.closes_at)
    return Window(published_at, published_at + (stage.closes_at - stage.opens_at))


def finality(window: Window | None, waiting: int, now: datetime) -> Finality:
    """`waiting`: objections without an answer. A call without an objection stage is final when it is published."""
    if window is not None and now < window.closes_at:
        return Finality.OPEN
    return Finality.ANSWERING if waiting else Finality.FINAL
