"""Names of people as the database gives them: whoever is erased reads as "a contributor" wherever a name would stand."""

from contextlib import suppress
from typing import Self

from flask_babel import force_locale
from sqlalchemy import Dialect, String, TypeDecorator

from crowd.web.words import credited_name


class Nobody(str):
    """Stands where a name was. Drawn anew in the language of whoever reads it: mails are written in another than they are read in."""

    __slots__ = ()

    def __new__(cls) -> Self:
        return super().__new__(cls, _words())

    def __str__(self) -> str:
        return _words()


def _words() -> str:
    """In a job that writes to nobody in particular there is no language to write in."""
    with suppress(RuntimeError):
        return credited_name("")
    return "a contributor"


def nobody_in(language: str) -> str:
    """What stands for a name in a text that is kept in this language."""
    with force_locale(language):
        return _words()


class PersonName(TypeDecorator[str]):
    """A name of which nothing is kept once its person is erased. Empty in the database, never empty where it is read."""

    impl = String(300)
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return Nobody() if value == "" else value
