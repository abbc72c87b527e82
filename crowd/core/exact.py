"""Exact numbers: reading them from text, writing them as text, rounding only for the eye."""

import re
from fractions import Fraction

_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,18}|/\d{1,18})?", re.ASCII)


def exact(text: str) -> Fraction:
    """The number written as "3", "3.5" or "7/2". ValueError for anything else, division by zero included."""
    if not _NUMBER.fullmatch(text):
        message = f"not an exact number: {text!r}"
        raise ValueError(message)
    try:
        return Fraction(text)
    except ZeroDivisionError:
        message = f"division by zero: {text!r}"
        raise ValueError(message) from None


def exact_text(value: Fraction | int) -> str:
    """The number in lowest terms: "3", "7/12", "-1/2". `exact` reads it back."""
    return str(Fraction(value))


def rounded(value: Fraction | int, places: int = 2) -> str:
    """The number as a decimal for the eye, halves away from zero: 7/12 → "0.58"."""
    scaled = abs(Fraction(value)) * 10**places
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    digits = str(units).rjust(places + 1, "0")
    sign = "-" if value < 0 and units else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"
