"""Texts of the product. `_l` waits for the reader's language; typed loosely because WTForms asks for plain text."""

from collections.abc import Callable
from typing import Any

from babel.numbers import get_decimal_symbol
from flask_babel import get_locale, lazy_gettext, ngettext
from flask_babel import gettext as _

_l: Callable[..., Any] = lazy_gettext

__all__ = ["_", "_l", "in_digits", "ngettext"]


def in_digits(number: str) -> str:
    """Exact digits with the reader's decimal sign: `3.25`, in Spanish `3,25`."""
    return number.replace(".", get_decimal_symbol(get_locale()))
