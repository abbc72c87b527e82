"""When objections are taken, and when a result is final."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crowd.core.objections import Finality, finality, window_of
from crowd.core.rules import Stage
from crowd.core.status import StageKind

OPENS = datetime(2026, 5, 1, 10, tzinfo=UTC)
LENGTH = timedelta(days=14)
STAGES = (
    Stage("decide", StageKind.SELECTION, OPENS - LENGTH, OPENS),
    Stage("object", StageKind.OBJECTION, OPENS, OPENS + LENGTH),
    Stage("results", StageKind.RESULTS, OPENS + LENGTH),
)
moments = st.integers(-40, 40).map(lambda days: OPENS + timedelta(days=days))


def test_without_results_or_without_such_a_stage_nobody_objects() -> None:
    assert window_of(STAGES, None) is None
    assert window_of(STAGES[:1], OPENS) is None


@given(moments)
def test_the_time_to_object_is_as_long_as_the_rules_say_however_late_results_come(published: datetime) -> None:
    window = window_of(STAGES, published)
    assert window is not None
    assert window.closes_at - window.opens_at == LENGTH
    assert window.opens_at == max(OPENS, published)


@given(moments, moments, st.integers(0, 3))
def test_a_result_is_final_when_no_objection_is_taken_or_open(published: datetime, now: datetime, waiting: int) -> None:
    window = window_of(STAGES, published)
    assert window is not None
    taken = now < window.closes_at
    assert (finality(window, waiting, now) is Finality.FINAL) == (not taken and waiting == 0)


def test_without_an_objection_stage_a_result_is_final_at_once() -> None:
    assert finality(None, 0, OPENS) is Finality.FINAL
