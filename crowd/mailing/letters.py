"""Letters: a template in the recipient's language becomes subject, plain text and HTML.

A template `templates/mails/<kind>.txt` begins with `Subject: …`. Text of people passes through `line` (one line, isolated from
the direction around it) or `quoted` (several lines, marked with `>`); nothing in a letter is ever read as markup. Only
addresses of this site become links.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import force_locale
from markupsafe import Markup, escape

from crowd.config import Settings
from crowd.web.links import absolute_link, absolute_url
from crowd.web.markup import line
from crowd.web.times import absolute

_BLANKS = re.compile(r"\n{3,}")
_PAGE = Markup(
    '<!doctype html>\n<html lang="{}"><head><meta charset="utf-8"><title>{}</title></head>'
    '<body style="font:16px/1.55 Georgia,serif;max-width:38em;margin:24px auto;padding:0 16px;color:#222">\n{}\n</body></html>\n'
)


@dataclass(frozen=True)
class Recipient:
    """Whom a letter goes to; times in it are in `time_zone` where they have no zone of their own."""

    email: str
    name: str
    language: str
    account_id: int | None = None
    time_zone: str | None = None


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str
    html: str


def write_letter(kind: str, to: Recipient, context: Mapping[str, Any]) -> Letter:
    """Render `mails/<kind>.txt`. Templates get `context`, `to`, `link(path)`, `url(endpoint, …)`, `day(moment, zone)`, `site`."""
    with force_locale(to.language):
        template = current_app.jinja_env.get_template(f"mails/{kind}.txt")
        source = template.render(**_words(to), **context)
    head, _, body = source.lstrip().partition("\n")
    if not head.startswith("Subject:"):
        raise ValueError(kind)
    subject = line(head.removeprefix("Subject:"))[:300]
    text = _BLANKS.sub("\n\n", body).strip() + "\n"
    page = _PAGE.format(to.language, subject, as_html(text))
    return Letter(subject, text, str(page))


def _words(to: Recipient) -> dict[str, Any]:
    settings: Settings = current_app.extensions["settings"]

    def day(moment: datetime, zone: str | None = None) -> str:
        return absolute(moment, zone or to.time_zone or "UTC")

    return {"to": to, "link": absolute_link, "url": absolute_url, "day": day, "site": settings.site_name}


def as_html(text: str) -> Markup:
    """Paragraphs, quotations and this site's links; everything else is escaped."""
    return Markup("\n").join(_paragraph(part) for part in text.strip().split("\n\n"))


def _paragraph(text: str) -> Markup:
    lines = text.split("\n")
    is_quotation = all(words.startswith(">") for words in lines)
    inner = Markup("<br>\n").join(
        _linked(words.removeprefix(">").strip() if is_quotation else words) for words in lines
    )
    return (Markup("<blockquote>{}</blockquote>") if is_quotation else Markup("<p>{}</p>")).format(inner)


def _linked(words: str) -> Markup:
    settings: Settings = current_app.extensions["settings"]
    address = re.compile(rf"({re.escape(settings.base_url)}(?:/[^\s<>\"]*)?)(?=\s|$)")
    parts = address.split(words)
    return Markup("").join(
        Markup('<a href="{}">{}</a>').format(part, part) if position % 2 else escape(part)
        for position, part in enumerate(parts)
    )
