"""A first draft of a call's rules, so that nobody starts from an empty page: usual stages and rounds for how it is decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from crowd.core.rules import (
    CallRules,
    Component,
    CountRule,
    Round,
    RoundKind,
    SelectionRules,
    Stage,
)
from crowd.core.status import StageKind


class Shape(StrEnum):
    """Who decides, in the roughest words."""

    CROWD = "crowd"
    JURY = "jury"
    BOTH = "both"
    ORGANIZATION = "organization"


@dataclass(frozen=True)
class Wording:
    """Texts of the outline in the author's language."""

    vote: str
    jury: str
    declarations: tuple[str, ...]


_DAYS = {
    StageKind.SUBMISSION: 28,
    StageKind.SCREENING: 7,
    StageKind.VOTING: 14,
    StageKind.REVIEW: 14,
    StageKind.SELECTION: 7,
}
_ROUND_KINDS: dict[Shape, tuple[RoundKind, ...]] = {
    Shape.CROWD: (RoundKind.VOTE,),
    Shape.JURY: (RoundKind.REVIEW,),
    Shape.BOTH: (RoundKind.VOTE, RoundKind.REVIEW),
    Shape.ORGANIZATION: (),
}
_STAGE_OF = {RoundKind.VOTE: StageKind.VOTING, RoundKind.REVIEW: StageKind.REVIEW}
_WEIGHTS = {1: (100,), 2: (50, 50)}


def outline(shape: Shape, *, title: str, language: str, time_zone: str, wording: Wording, now: datetime) -> CallRules:
    """Rules with usual stages from tomorrow 9:00 in the call's zone, and the rounds that `shape` asks for."""
    kinds = _ROUND_KINDS[shape]
    rounds = tuple(_round(kind, wording) for kind in kinds)
    weights = _WEIGHTS.get(len(rounds), ())
    components = tuple(Component(each.key, weight) for each, weight in zip(rounds, weights, strict=True))
    return CallRules(
        title=title,
        language=language,
        time_zone=time_zone,
        declarations=wording.declarations,
        stages=_stages([_STAGE_OF[kind] for kind in kinds], ZoneInfo(time_zone), now),
        rounds=rounds,
        selection=SelectionRules(
            components=components,
            count=CountRule.CUT_LINE if components else CountRule.NONE,
            places=1 if components else None,
        ),
    )


def _round(kind: RoundKind, wording: Wording) -> Round:
    if kind is RoundKind.VOTE:
        return Round("vote", kind, StageKind.VOTING.value, wording.vote)
    return Round("jury", kind, StageKind.REVIEW.value, wording.jury, min_reviews=2)


def _stages(between: Sequence[StageKind], zone: ZoneInfo, now: datetime) -> tuple[Stage, ...]:
    """One after the other; each boundary at 9:00 by the wall clock, also across a change to summer time."""
    kinds = [StageKind.SUBMISSION, StageKind.SCREENING, *between, StageKind.SELECTION]
    day = now.astimezone(zone).date() + timedelta(days=1)
    stages = []
    for kind in kinds:
        following = day + timedelta(days=_DAYS[kind])
        stages.append(Stage(kind.value, kind, _nine(day, zone), _nine(following, zone)))
        day = following
    return (*stages, Stage(StageKind.RESULTS.value, StageKind.RESULTS, _nine(day, zone)))


def _nine(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 0, tzinfo=zone).astimezone(UTC)
