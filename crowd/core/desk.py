"""What is amiss in a call: figures in, open problems out, the most pressing first. Pure: the words and links are the page's."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from crowd.core.rules import RoundKind
from crowd.core.status import CallStatus, StageKind
from crowd.core.subjects import CallFacts


class ProblemKind(StrEnum):
    """The order in which problems of the same urgency are told."""

    RESULTS_DUE = "results_due"
    VERDICTS_OPEN = "verdicts_open"
    RESULTS_UNPUBLISHED = "results_unpublished"
    LIST_UNCONFIRMED = "list_unconfirmed"
    VOTERS_MISSING = "voters_missing"
    ROUND_MISSED = "round_missed"
    REVIEWS_OVERDUE = "reviews_overdue"
    UNSCREENED = "unscreened"
    REPORTED = "reported"
    CORRECTIONS_OVERDUE = "corrections_overdue"
    CLAIMS_REFUSED = "claims_refused"
    REVIEWS_LACKING = "reviews_lacking"
    JURORS_SILENT = "jurors_silent"
    MAILS_FAILED = "mails_failed"
    CHECKLIST = "checklist"
    PAUSED = "paused"


@dataclass(frozen=True)
class RoundFigures:
    """`key`: of the round; `waiting`: assignments still to do; `lacking`: candidates with fewer reviews than needed; `silent`: jurors asked.

    `voterless`: the organization names who may vote, and has named nobody.
    """

    key: str
    opened: bool = False
    confirmed: bool = False
    waiting: int = 0
    lacking: int = 0
    silent: int = 0
    voterless: bool = False


@dataclass(frozen=True)
class Figures:
    """Of one call."""

    call: CallFacts
    unscreened: int = 0
    reported: int = 0  # proposals and comments
    corrections_overdue: int = 0
    undecided: int = 0  # proposals that want a verdict and have none, or one without its reason
    settled: int = 0  # proposals whose verdict is ready to be published
    claims_refused: tuple[str, ...] = ()  # keys of proposals that the limit per person kept from their authors
    mails_failed: int = 0  # people
    gaps: int = 0  # of the checklist, while a draft
    rounds: tuple[RoundFigures, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Problem:
    """`count` of what; `due`: until when, or since when if it lies in the past; `stage`: the stage that `due` is about; `round` its key."""

    kind: ProblemKind
    count: int = 1
    due: datetime | None = None
    stage: StageKind | None = None
    round: str | None = None
    proposal: str | None = None
    late: bool = False


def problems(figures: Figures, now: datetime) -> tuple[Problem, ...]:
    """Open problems: what is late first, then by date, then by kind."""
    order = list(ProblemKind)
    found = list(_draft(figures) if figures.call.status is CallStatus.DRAFT else _running(figures, now))
    far = max((problem.due for problem in found if problem.due), default=now)
    return tuple(sorted(found, key=lambda p: (not p.late, p.due or far, order.index(p.kind))))


def _draft(figures: Figures) -> Iterator[Problem]:
    if figures.gaps:
        yield Problem(ProblemKind.CHECKLIST, figures.gaps)


def _running(figures: Figures, now: datetime) -> Iterator[Problem]:
    call = figures.call
    if figures.mails_failed:
        yield Problem(ProblemKind.MAILS_FAILED, figures.mails_failed)
    if figures.reported:
        yield Problem(ProblemKind.REPORTED, figures.reported)
    if call.status not in {CallStatus.PUBLISHED, CallStatus.PAUSED} or call.results_published:
        return
    if call.status is CallStatus.PAUSED:
        yield Problem(ProblemKind.PAUSED, due=call.paused_at, late=True)
    yield from _screening(figures, now)
    if figures.claims_refused:
        yield Problem(ProblemKind.CLAIMS_REFUSED, len(figures.claims_refused), proposal=figures.claims_refused[0])
    for round_ in figures.rounds:
        yield from _of_round(call, round_, now)
    yield from _results(figures, now)


def _screening(figures: Figures, now: datetime) -> Iterator[Problem]:
    call = figures.call
    if figures.unscreened and call.rules.screening:
        until = _screening_ends(call, now)
        late = call.is_past(StageKind.SCREENING, now)
        due = max((s.closes_at for s in call.schedule if s.kind is StageKind.SCREENING and s.closes_at), default=None)
        if late:
            yield Problem(ProblemKind.UNSCREENED, figures.unscreened, due, StageKind.SCREENING, late=True)
        else:
            yield Problem(ProblemKind.UNSCREENED, figures.unscreened, *until)
    if figures.corrections_overdue:
        yield Problem(ProblemKind.CORRECTIONS_OVERDUE, figures.corrections_overdue, late=True)


def _screening_ends(call: CallFacts, now: datetime) -> tuple[datetime | None, StageKind | None]:
    """The next stage that takes its candidates from what was screened."""
    judging = {StageKind.VOTING, StageKind.REVIEW, StageKind.SELECTION, StageKind.RESULTS}
    coming = [stage for stage in call.schedule if stage.kind in judging and stage.opens_at > call.clock(now)]
    return (coming[0].opens_at, coming[0].kind) if coming else (None, None)


def _of_round(call: CallFacts, figures: RoundFigures, now: datetime) -> Iterator[Problem]:
    rules = call.rules.round(figures.key)
    stage = next((each for each in call.schedule if each.key == rules.stage), None)
    if stage is None:
        return
    clock = call.clock(now)
    over = stage.closes_at is not None and stage.closes_at <= clock
    if stage.opens_at <= clock and not figures.opened and not figures.confirmed and not over:
        yield Problem(ProblemKind.LIST_UNCONFIRMED, 1, stage.opens_at, stage.kind, figures.key, late=True)
    if over and not figures.opened:
        yield Problem(ProblemKind.ROUND_MISSED, 1, stage.closes_at, stage.kind, figures.key, late=True)
        return
    if figures.voterless and not over:
        late = stage.opens_at <= clock
        yield Problem(ProblemKind.VOTERS_MISSING, 1, stage.opens_at, stage.kind, figures.key, late=late)
    if rules.kind is not RoundKind.REVIEW:
        return
    if figures.waiting and over:
        yield Problem(ProblemKind.REVIEWS_OVERDUE, figures.waiting, stage.closes_at, stage.kind, figures.key, late=True)
    if figures.lacking and figures.opened:
        yield Problem(ProblemKind.REVIEWS_LACKING, figures.lacking, stage.closes_at, stage.kind, figures.key, late=over)
    if figures.silent and not over:
        yield Problem(ProblemKind.JURORS_SILENT, figures.silent, stage.opens_at, stage.kind, figures.key)


def _results(figures: Figures, now: datetime) -> Iterator[Problem]:
    call = figures.call
    due = call.opens_at(StageKind.RESULTS)
    late = due is not None and due <= call.clock(now)
    if late:
        yield Problem(ProblemKind.RESULTS_DUE, 1, due, StageKind.RESULTS, late=True)
    if not call.decides(now):
        return
    if figures.undecided:
        yield Problem(ProblemKind.VERDICTS_OPEN, figures.undecided, due, StageKind.RESULTS, late=late)
    elif figures.settled and not late:
        yield Problem(ProblemKind.RESULTS_UNPUBLISHED, figures.settled, due, StageKind.RESULTS)
