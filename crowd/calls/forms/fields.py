"""Fields that calls need: whole numbers, minutes of the wall clock, lines of text, and rows that may be added and removed."""

import re
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from babel import Locale
from babel.core import UnknownLocaleError
from flask_babel import get_locale
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, RadioField, TextAreaField
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import NumberInput

from crowd.core.wall_clock import time_zones
from crowd.web.forms import BaseForm, choice, choices_of
from crowd.web.text import _, _l

LANGUAGES = ("en", "es", "ca", "de", "eu", "fr", "gl", "it", "nl", "pl", "pt", "ar", "he", "zh")


class WholeNumber(IntegerField):
    """An integer or nothing, refused in our own words."""

    widget = NumberInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]).strip() if valuelist else ""
        if not text:
            self.data = None
            return
        if not re.fullmatch(r"[+-]?\d{1,12}", text):
            self.data = None
            raise ValueError(_("Write a whole number."))
        self.data = int(text)


def whole_number(label: Any, least: int, most: int, **kwargs: Any) -> WholeNumber:
    message = _l("Write a whole number from %(least)d to %(most)d.", least=least, most=most)
    return WholeNumber(label, [Optional(), NumberRange(least, most, message)], **kwargs)


class Lines(TextAreaField):
    """One entry in each line."""

    def lines(self) -> tuple[str, ...]:
        return tuple(line for line in (" ".join(raw.split()) for raw in (self.data or "").splitlines()) if line)


def radio(label: Any, kind: Any, words: dict[Any, Any], **kwargs: Any) -> RadioField:
    """One value of an enum, in the words people read."""
    return RadioField(label, coerce=kind, choices=choices_of(kind, words), **kwargs)


def zone_choices() -> list[Any]:
    return [choice(name, name.replace("_", " ")) for name in time_zones()]


def language_choices() -> list[Any]:
    return [choice(code, _language_name(code)) for code in LANGUAGES]


def _language_name(code: str) -> str:
    try:
        return Locale.parse(code).get_display_name(get_locale() or "en") or code
    except UnknownLocaleError:
        return code


class Row(BaseForm):
    """A row of a repeated part; its token is that of the form around it."""

    class Meta:
        csrf = False


R = TypeVar("R", bound=Row)


class Rows(Generic[R]):
    """Rows called `name-0-field`, `name-1-field` …; they may be added and removed without script."""

    def __init__(self, name: str, make: Callable[..., R], posted: MultiDict[str, str] | None) -> None:
        self.name, self.make, self.rows = name, make, list[R]()
        if posted is not None:
            found = (re.match(rf"{re.escape(name)}-(\d{{1,4}})-", key) for key in posted)
            for number in sorted({int(match[1]) for match in found if match}):
                self.rows.append(make(formdata=posted, prefix=f"{name}-{number}-"))

    def fill(self, values: Iterable[dict[str, Any]]) -> None:
        for value in values:
            self.add(value)

    def add(self, value: dict[str, Any]) -> R:
        row = self.make(formdata=None, prefix=f"{self.name}-{self._free()}-", data=value)
        self.rows.append(row)
        return row

    def _free(self) -> int:
        return max((number_of(row) for row in self.rows), default=-1) + 1

    def remove(self, number: int) -> None:
        self.rows = [row for row in self.rows if number_of(row) != number]

    def validate(self) -> bool:
        outcomes = [row.validate() for row in self.rows]
        return all(outcomes)

    @property
    def failed(self) -> bool:
        return any(row.errors for row in self.rows)


def number_of(row: Any) -> int:
    """The number in a row's names."""
    return int(str(row._prefix).rstrip("-").rsplit("-", 1)[1])  # noqa: SLF001 (WTForms shows it nowhere else)
