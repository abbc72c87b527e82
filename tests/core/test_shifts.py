"""Moving the dates of a published call."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.core.errors import InvalidInput
from crowd.core.shifts import NOTICE, closed_early, extended, may_close_submission, resumed
from crowd.core.stages import faults, stage_at
from crowd.core.status import StageKind
from tests.make import ORDER, schedule

START = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
open_stages = st.sampled_from(ORDER[:-1])


@given(st.sampled_from(ORDER), st.timedeltas(timedelta(0), timedelta(days=400)))
def test_after_a_pause_the_same_stage_is_open_with_the_same_time_left(open_stage: StageKind, length: timedelta) -> None:
    before = schedule(open_stage, now=START)
    now = START + length
    after = resumed(before, START, now)
    was, stands = stage_at(before, START).current, stage_at(after, now).current
    assert was is not None
    assert stands is not None
    assert stands.key == was.key
    if was.closes_at and stands.closes_at:
        gained = (stands.closes_at - now) - (was.closes_at - START)
        assert timedelta(0) <= gained < timedelta(minutes=1)
    assert faults(after) == []


@given(open_stages, st.integers(1, 10_000))
def test_extending_keeps_order_and_the_length_of_what_follows(open_stage: StageKind, minutes: int) -> None:
    before = schedule(open_stage, now=START)
    stage = stage_at(before, START).current
    assert stage is not None
    assert stage.closes_at is not None
    until = stage.closes_at + timedelta(minutes=minutes)
    after = extended(before, stage.key, until, START)
    assert faults(after) == []
    moved = [s.opens_at - b.opens_at for s, b in zip(after, before, strict=True)]
    place = before.index(stage)
    assert moved == [timedelta(0)] * (place + 1) + [timedelta(minutes=minutes)] * (len(before) - place - 1)
    assert after[place].closes_at == until


@given(open_stage=open_stages, next_now=st.booleans())
def test_closing_early_ends_the_stage_now(*, open_stage: StageKind, next_now: bool) -> None:
    before = schedule(open_stage, now=START)
    key = open_stage.value
    after = closed_early(before, key, START, next_now=next_now)
    assert faults(after) == []
    current = stage_at(after, START).current
    following = before[[s.key for s in before].index(key) + 1]
    assert (current.key if current else None) == (following.key if next_now else None)
    assert [s.closes_at for s in after if s.key != key] == [s.closes_at for s in before if s.key != key]


def test_a_stage_that_is_over_is_not_opened_again() -> None:
    before = schedule(StageKind.REVIEW, now=START)
    voting = next(s for s in before if s.kind is StageKind.VOTING)
    with pytest.raises(InvalidInput, match="stage_over"):
        extended(before, voting.key, START + timedelta(days=9), START)


@pytest.mark.parametrize(
    ("key", "until", "code"),
    [
        ("submission", START, "not_later"),
        ("results", START + timedelta(days=1000), "stage_has_no_end"),
        ("nothing", START, "unknown_stage"),
    ],
)
def test_extending_is_refused_in_words(key: str, until: datetime, code: str) -> None:
    with pytest.raises(InvalidInput, match=code):
        extended(schedule(now=START), key, until, START)


def test_only_the_open_stage_is_closed_early() -> None:
    before = schedule(now=START)
    with pytest.raises(InvalidInput, match="stage_not_open"):
        closed_early(before, "voting", START, next_now=True)
    with pytest.raises(InvalidInput, match="stage_too_young"):
        closed_early(before, "submission", before[0].opens_at + timedelta(milliseconds=300), next_now=True)


def test_people_who_are_writing_get_a_day_of_notice() -> None:
    assert not may_close_submission(drafts=1, announced_at=None, rehearsal=False, now=START)
    assert not may_close_submission(
        drafts=1, announced_at=START - NOTICE + timedelta(seconds=1), rehearsal=False, now=START
    )
    assert may_close_submission(drafts=1, announced_at=START - NOTICE, rehearsal=False, now=START)
    assert may_close_submission(drafts=0, announced_at=None, rehearsal=False, now=START)
    assert may_close_submission(drafts=3, announced_at=None, rehearsal=True, now=START)
