"""What is planned for one call of the demo: its rules but for the dates, which hang on the day it is loaded."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crowd.core.rules import CallRules, Stage
from crowd.core.status import ObjectionKind, StageKind

K = StageKind


@dataclass(frozen=True)
class Span:
    """A stage from one day to another, counted from the day of loading; `until` None: it stays open."""

    kind: StageKind
    since: int
    until: int | None


@dataclass(frozen=True)
class Question:
    """A comment on the call, and the organization's answer."""

    by: str
    text: str
    answered_by: str
    answer: str


@dataclass(frozen=True)
class Juror:
    key: str
    chair: bool = False


@dataclass(frozen=True)
class Protest:
    """An objection to the results, by the lead of `about` or, without it, to the whole; and its answer."""

    by: str
    about: str | None
    kind: ObjectionKind
    text: str
    evidence: str
    answered_by: str
    upheld: bool
    answer: str


@dataclass(frozen=True)
class Plan:
    """One call. `key` names its file of proposals; `screened`: how many of them are screened, None: all."""

    key: str
    organization: str
    manager: str
    published: int | None  # day; None: a draft
    rules: CallRules
    spans: tuple[Span, ...]
    screened: int | None = None
    jurors: tuple[Juror, ...] = ()
    questions: tuple[Question, ...] = ()
    protests: tuple[Protest, ...] = ()
    ballots: int = 0
    cover: str = ""  # the picture in words; empty: no picture
    justification: str = ""  # published with results that differ from the numbers

    def dated(self, now: datetime) -> CallRules:
        zone = ZoneInfo(self.rules.time_zone)
        return replace(self.rules, stages=tuple(_stage(span, zone, now) for span in self.spans))


def _stage(span: Span, zone: ZoneInfo, now: datetime) -> Stage:
    until = None if span.until is None else nine(span.until, zone, now)
    return Stage(span.kind.value, span.kind, nine(span.since, zone, now), until)


def nine(day: int, zone: ZoneInfo, now: datetime) -> datetime:
    """Nine in the morning by the wall clock, so many days from `now`."""
    date = now.astimezone(zone).date() + timedelta(days=day)
    return datetime.combine(date, time(9), zone).astimezone(UTC)


def spans(since: int, *stages: tuple[StageKind, int], results: int) -> tuple[Span, ...]:
    """Stages one after the other, each up to a day; then the results, which stay open."""
    found = []
    for kind, until in stages:
        found.append(Span(kind, since, until))
        since = until
    return (*found, Span(K.RESULTS, results, None))
