"""Texts of the product. `_l` waits for the reader's language; typed loosely because WTForms asks for plain text."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

_l: Callable[..., Any] = lazy_gettext

__all__ = ["_", "_l", "ngettext"]
