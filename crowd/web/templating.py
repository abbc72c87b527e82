"""What templates may call. Undefined names are errors; HTML comes from `web.markup` alone."""

from collections.abc import Callable, Hashable, MutableMapping
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request
from flask.templating import Environment as FlaskEnvironment
from flask_babel import format_decimal, get_locale
from flask_wtf.csrf import generate_csrf
from jinja2 import FileSystemBytecodeCache, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from crowd.core.permissions import Permission
from crowd.store.db import utc_now
from crowd.web.access import allowed, current_actor, refusal
from crowd.web.assets import accent_url, asset
from crowd.web.errors import refused_sentence
from crowd.web.markup import line, plain, quoted, rendered
from crowd.web.times import day, when


class Environment(FlaskEnvironment):
    """Templates share one plain dictionary of globals: with Jinja's chain of maps each of a page's imports compares all names."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


def once(macro: Callable[..., Markup], *values: Hashable) -> Markup:
    """What a macro draws of these values; drawn once for a page, however many rows show it."""
    drawn: dict[object, Markup] = g.setdefault("drawn", {})
    key = (macro, values, str(get_locale()))
    if key not in drawn:
        drawn[key] = macro(*values)
    return drawn[key]


def why_not(permission: str, subject: object = None) -> str | None:
    """The sentence that says why the current actor may not do this now, or None when they may."""
    refused = refusal(permission, subject)
    return refused_sentence(refused) if refused is not None else None


def number(value: float | None) -> str:
    return "" if value is None else format_decimal(value)


def money(value: int | None, currency: str) -> str:
    return "" if value is None else f"{format_decimal(value)} {currency}"


@pass_context
def _number_here(_here: Context, value: float | None) -> str:
    """Asks for the context so that a number written in a template is not drawn once, in the language of its first reader."""
    return number(value)


@pass_context
def _money_here(_here: Context, value: int | None, currency: str) -> str:
    return money(value, currency)


def excerpt(source: str, length: int = 180) -> str:
    """The first words of a Markdown text."""
    words = " ".join(plain(source).split())
    return words if len(words) <= length else words[:length].rsplit(" ", 1)[0] + "…"


def page_url(**changes: Any) -> str:
    """The current address with other query parameters; None removes one. The cursor goes whenever something else changes."""
    values: dict[str, Any] = {key: request.args.getlist(key) for key in request.args}
    if "after" not in changes:
        values.pop("after", None)
    values.update(changes)
    kept = {key: value for key, value in values.items() if value not in (None, "", [])}
    return current_app.url_for(request.endpoint or "pages.home", **(request.view_args or {}), **kept)


def keep_compiled(app: Flask, folder: Path) -> None:
    """Compile each template once for all processes and starts. The folder must be ours alone: its contents are run."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder))


def configure(app: Flask, badges: Callable[[], object]) -> None:
    """`badges`: what the layout shows of the signed-in person's waiting work, one query at most; asked for only when shown."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        when=when,
        day_words=day,
        markdown=rendered,
        plain=plain,
        number=_number_here,
        money=_money_here,
        excerpt=excerpt,
        bdi=bdi,
        initials=initials,
        line=line,
        quoted=quoted,
    )
    app.jinja_env.globals.update(
        allowed=allowed,
        why_not=why_not,
        accent_url_of=accent_url,
        asset=asset,
        page_url=page_url,
        once=once,
        csrf_token=generate_csrf,
        Permission=Permission,
    )

    @app.context_processor
    def _context() -> dict[str, Any]:
        return {
            "actor": current_actor(),
            "badges": badges,
            "locale": str(get_locale() or "en"),
            "settings": app.extensions["settings"],
            "now": utc_now(),
        }


def initials(name: str) -> str:
    """What stands for a person without a picture: the first letters of the first and the last word of a name."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in dict.fromkeys([*words[:1], *words[-1:]])).upper()


def bdi(text: str) -> Markup:
    """A name of a person or title isolated, so that its direction does not turn the line round."""
    return Markup("<bdi>{}</bdi>").format(escape(text))
