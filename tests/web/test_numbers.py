"""Numbers that come from outside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.web.numbers import natural


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("12", 12), ("999999999", 999_999_999), ("007", 7), ("", -1), (None, -1), ("1000000000", -1), ("²", -1)],
)
def test_up_to_nine_digits_are_a_number(text: str | None, number: int) -> None:
    assert natural(text, -1) == number


@pytest.mark.parametrize("text", ["-1", "1.0", " 1", "1e3", "٣", "9" * 5000, "NaN", "\x001"])
def test_anything_else_is_the_default(text: str) -> None:
    assert natural(text, 5) == 5


@given(st.text())
def test_nothing_typed_makes_it_fail_or_leave_its_range(text: str) -> None:
    assert 0 <= natural(text) <= 999_999_999
