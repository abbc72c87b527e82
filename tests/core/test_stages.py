"""Where a call stands by its schedule and the clock."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.core.rules import Stage
from crowd.core.stages import SHORTEST, ScheduleFault, closes_at, faults, is_open, opens_at, stage_at
from crowd.core.status import StageKind

START = datetime(2026, 5, 1, tzinfo=UTC)
BETWEEN = [kind for kind in StageKind if kind not in {StageKind.SUBMISSION, StageKind.RESULTS, StageKind.FOLLOW_UP}]
minutes = st.integers(0, 200)


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def stage(kind: StageKind, opens: int, closes: int | None, key: str = "") -> Stage:
    return Stage(key or kind.value, kind, at(opens), None if closes is None else at(closes))


@st.composite
def schedules(draw: st.DrawFn) -> list[Stage]:
    """Schedules without faults: submission, some stages between, results left open."""
    kinds = [StageKind.SUBMISSION, *draw(st.lists(st.sampled_from(BETWEEN), unique=True)), StageKind.RESULTS]
    now, found = 0, []
    for kind in kinds:
        now += draw(st.integers(0, 5))
        closes = now + draw(st.integers(1, 20))
        found.append(stage(kind, now, closes if kind is not StageKind.RESULTS else None))
        now = closes
    return found


any_schedules = st.lists(
    st.builds(stage, st.sampled_from(StageKind), minutes, st.none() | minutes, st.sampled_from("abcdef")), max_size=6
)


@given(schedules(), minutes, minutes)
def test_a_schedule_without_faults_only_moves_forward(schedule: list[Stage], one: int, other: int) -> None:
    assert faults(schedule) == []
    early, late = (_progress(schedule, at(minute)) for minute in sorted((one, other)))
    assert early <= late


def _progress(schedule: list[Stage], now: datetime) -> float:
    """How many stages are over, and a half for the one that is open."""
    position = stage_at(schedule, now)
    before = schedule.index(position.previous) + 1 if position.previous else 0
    return before + (0.5 if position.current else 0)


@given(schedules(), minutes)
def test_the_open_stage_is_the_one_that_holds_the_moment(schedule: list[Stage], minute: int) -> None:
    now = at(minute)
    holding = [s for s in schedule if s.opens_at <= now and (s.closes_at is None or now < s.closes_at)]
    position = stage_at(schedule, now)
    assert ([position.current] if position.current else []) == holding
    assert [s for s in schedule if is_open(schedule, s.key, now)] == holding
    assert position.kind == (holding[0].kind if holding else None)
    ahead = [s for s in schedule if s.opens_at > now]
    assert position.following == (ahead[0] if ahead else None)


@given(any_schedules, minutes)
def test_any_schedule_at_any_moment_has_a_position(schedule: list[Stage], minute: int) -> None:
    position = stage_at(schedule, at(minute))
    assert {position.current, position.previous, position.following} <= {None, *schedule}


@given(any_schedules)
def test_whatever_has_no_faults_keeps_every_promise(schedule: list[Stage]) -> None:
    if faults(schedule):
        return
    kinds = [s.kind for s in schedule]
    assert kinds[0] is StageKind.SUBMISSION
    assert set(kinds[kinds.index(StageKind.RESULTS) + 1 :]) <= {StageKind.FOLLOW_UP}
    assert len({s.key for s in schedule}) == len(schedule)
    for this, after in pairwise(schedule):
        assert this.closes_at is not None
        assert this.closes_at - this.opens_at >= SHORTEST
        assert this.closes_at <= after.opens_at


SUBMISSION = stage(StageKind.SUBMISSION, 0, 10)
VOTING = stage(StageKind.VOTING, 10, 20)
RESULTS = stage(StageKind.RESULTS, 20, None)


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ([], [ScheduleFault("no_submission"), ScheduleFault("no_results")]),
        ([VOTING, RESULTS], [ScheduleFault("no_submission")]),
        ([SUBMISSION, VOTING], [ScheduleFault("no_results")]),
        (
            [stage(StageKind.SCREENING, 0, 5), stage(StageKind.SUBMISSION, 5, 10), RESULTS],
            [ScheduleFault("submission_not_first", stage(StageKind.SCREENING, 0, 5))],
        ),
        (
            [SUBMISSION, stage(StageKind.RESULTS, 10, 20), stage(StageKind.REVIEW, 20, 30)],
            [ScheduleFault("results_before_end", stage(StageKind.RESULTS, 10, 20))],
        ),
        (
            [SUBMISSION, stage(StageKind.VOTING, 10, None), RESULTS],
            [ScheduleFault("no_end", stage(StageKind.VOTING, 10, None))],
        ),
        (
            [SUBMISSION, stage(StageKind.VOTING, 10, 10), RESULTS],
            [ScheduleFault("too_short", stage(StageKind.VOTING, 10, 10))],
        ),
        (
            [SUBMISSION, stage(StageKind.VOTING, 9, 20), RESULTS],
            [ScheduleFault("out_of_order", stage(StageKind.VOTING, 9, 20), SUBMISSION)],
        ),
        (
            [SUBMISSION, stage(StageKind.VOTING, 10, 20, key="submission"), RESULTS],
            [ScheduleFault("duplicate_key")],
        ),
    ],
)
def test_each_fault_of_a_schedule_is_named(schedule: list[Stage], expected: list[ScheduleFault]) -> None:
    assert faults(schedule) == expected


def test_a_stage_holds_from_its_opening_up_to_but_not_including_its_close() -> None:
    schedule = [SUBMISSION, VOTING, RESULTS]
    assert stage_at(schedule, at(0)).current == SUBMISSION
    assert stage_at(schedule, at(10) - timedelta(microseconds=1)).current == SUBMISSION
    assert stage_at(schedule, at(10)).current == VOTING
    assert stage_at(schedule, START - timedelta(days=1)).following == SUBMISSION


def test_when_a_kind_of_stage_opens_and_closes() -> None:
    second = stage(StageKind.VOTING, 30, 40, key="second")
    schedule = [SUBMISSION, VOTING, second]
    assert (opens_at(schedule, StageKind.VOTING), closes_at(schedule, StageKind.VOTING)) == (at(10), at(40))
    assert (opens_at(schedule, StageKind.REVIEW), closes_at([RESULTS], StageKind.RESULTS)) == (None, None)
    assert is_open(schedule, StageKind.VOTING, at(35))
    assert not is_open(schedule, StageKind.VOTING, at(25))
