"""Texts of the product. `_l` waits for the reader's language; typed loosely because WTForms asks for plain text."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from babel.numbers import get_decimal_symbol
from flask import Flask
from flask_babel import Babel, Domain, get_locale, lazy_gettext, ngettext
from flask_babel import gettext as _

_l: Callable[..., Any] = lazy_gettext

__all__ = ["Catalogues", "_", "_l", "configure", "in_digits", "ngettext", "uncompiled"]


class Catalogues(Domain):
    """The project's texts. Flask-Babel spells the locale out for each of the fifty texts of a page; here one look-up does."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._by_locale: dict[tuple[str, str | None], Any] = {}

    def get_translations(self) -> Any:
        locale = get_locale()
        if locale is None:
            return super().get_translations()  # type: ignore[no-untyped-call]
        key = (locale.language, locale.territory)
        if key not in self._by_locale:
            self._by_locale[key] = super().get_translations()  # type: ignore[no-untyped-call]
        return self._by_locale[key]


def configure(app: Flask, babel: Babel) -> None:
    """Let Python and templates find their texts here."""
    texts = babel.domain_instance = Catalogues()
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # made by Jinja's extension
        gettext=lambda text: texts.get_translations().ugettext(text),
        ngettext=lambda one, many, count: texts.get_translations().ungettext(one, many, count),
        newstyle=True,
    )


def uncompiled(folder: Path) -> list[str]:
    """Languages whose catalogue was written but not made ready to be read: their readers would get English."""
    return sorted(path.parent.parent.name for path in folder.rglob("*.po") if not path.with_suffix(".mo").exists())


def in_digits(number: str) -> str:
    """Exact digits with the reader's decimal sign: `3.25`, in Spanish `3,25`."""
    return number.replace(".", get_decimal_symbol(get_locale()))
