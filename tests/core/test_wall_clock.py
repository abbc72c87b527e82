"""Local times of a call and the instants they mean."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.core.errors import InvalidInput
from crowd.core.wall_clock import instant, time_zones, wall_clock

ZONES = ["UTC", "Europe/Berlin", "America/Mexico_City", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"]
minutes = st.integers(0, 60 * 24 * 365 * 10).map(lambda n: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=n))


@given(minutes, st.sampled_from(ZONES))
def test_what_the_clock_shows_means_this_instant_or_its_twin_before(moment: datetime, zone: str) -> None:
    again = instant(wall_clock(moment, zone), zone)
    assert again <= moment
    assert moment - again in {timedelta(0), timedelta(minutes=30), timedelta(hours=1)}
    assert wall_clock(again, zone) == wall_clock(moment, zone)


def test_a_time_that_is_skipped_is_refused_and_a_doubled_one_is_the_earlier() -> None:
    with pytest.raises(InvalidInput, match="no_such_time"):
        instant(datetime.fromisoformat("2026-03-29T02:30"), "Europe/Berlin")
    doubled = instant(datetime.fromisoformat("2026-10-25T02:30"), "Europe/Berlin")
    assert doubled == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_zones_are_cities() -> None:
    zones = time_zones()
    assert zones[0] == "UTC"
    assert {"America/Mexico_City", "Europe/Madrid", "Asia/Kolkata"} <= set(zones)
    assert len(zones) == len(set(zones))
