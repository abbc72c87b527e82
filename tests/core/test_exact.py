"""Exact numbers as text."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.core.exact import exact, exact_text, rounded


@given(st.fractions(max_denominator=10**6, min_value=-(10**6), max_value=10**6))
def test_a_fraction_written_as_text_reads_back(value: Fraction) -> None:
    assert exact(exact_text(value)) == value


@pytest.mark.parametrize(("text", "value"), [("3", Fraction(3)), ("3.50", Fraction(7, 2)), ("7/2", Fraction(7, 2))])
def test_three_ways_to_write_a_number(text: str, value: Fraction) -> None:
    assert exact(text) == value


@pytest.mark.parametrize("text", ["", "x", "1e9", "nan", "inf", "1/0", " 3", "3\n", "٣", "1_000", "3,5", "9" * 40])
def test_what_is_not_an_exact_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not an exact number|division by zero"):
        exact(text)


@given(st.decimals(-9999, 9999, allow_nan=False, places=4), st.integers(0, 3))
def test_rounding_for_the_eye_equals_decimal_rounding(value: Decimal, places: int) -> None:
    expected = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert rounded(Fraction(value), places) == str(expected + 0 if expected else abs(expected))


def test_a_share_of_seven_twelfths_reads_as_point_58() -> None:
    assert (exact_text(Fraction(7, 12)), rounded(Fraction(7, 12)), rounded(Fraction(-1, 1000))) == (
        "7/12",
        "0.58",
        "0.00",
    )
