"""Letters: a template in the recipient's language becomes subject, plain text and HTML.

A template `templates/mails/<kind>.txt` begins with `Subject: …`; every letter ends with the same foot, which says why it comes and how
mails of its kind are stopped. Text of people passes through `line` (one line, isolated from
the direction around it) or `quoted` (several lines, marked with `>`); nothing in a letter is ever read as markup. Only
addresses of this site become links.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import force_locale
from markupsafe import Markup, escape

from crowd.config import Settings
from crowd.core.notices import why_of
from crowd.web.links import absolute_link, absolute_url
from crowd.web.times import absolute

ISOLATES = "\u2068\u2069"
_BLANKS = re.compile(r"\n{3,}")
_PAGE = Markup(
    '<!doctype html>\n<html lang="{}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<meta name="color-scheme" content="light dark"><title>{}</title></head>'
    '<body style="font:17px/1.55 Georgia,serif;max-width:38em;margin:24px auto;padding:0 16px;overflow-wrap:anywhere">\n{}\n'
    '<hr style="border:0;border-top:1px solid #999;margin:32px 0 12px">\n<div style="font-size:14px">{}</div>\n</body></html>\n'
)


@dataclass(frozen=True)
class Recipient:
    """Whom a letter goes to; times in it are in `time_zone` where they have no zone of their own."""

    email: str
    name: str
    language: str
    account_id: int | None = None
    time_zone: str | None = None
    public_id: str = ""
    unsubscribe_key: str = field(default="", repr=False)


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str
    html: str


def write_letter(kind: str, to: Recipient, context: Mapping[str, Any], *, way_out: str = "", page: str = "") -> Letter:
    """Render `mails/<kind>.txt`. Templates get `context`, `to`, `link(path)`, `url(endpoint, …)`, `day(moment, zone)`, `site`.

    `way_out` and `page`: the paths that stop mails of this kind and show this one, where there are such.
    """
    with force_locale(to.language):
        words = _words(to)
        source = _rendered(kind, {**words, **context})
        foot = _rendered("_foot", {**words, "why": why_of(kind), "way_out": way_out, "page": page}).strip()
    head, _, body = source.lstrip().partition("\n")
    if not head.startswith("Subject:"):
        raise ValueError(kind)
    subject = _one_line(head.removeprefix("Subject:"))[:300]
    text = _BLANKS.sub("\n\n", body).strip()
    html = _PAGE.format(to.language, subject, as_html(text), as_html(foot.removeprefix("-- \n")))
    return Letter(subject, f"{text}\n\n{foot}\n", str(html))


def _one_line(words: str) -> str:
    """A subject: what people wrote in it was made safe by `line`, and stays isolated."""
    kept = (sign for sign in words if sign.isspace() or sign.isprintable() or sign in ISOLATES)
    return " ".join("".join(kept).split())


def _rendered(name: str, words: Mapping[str, Any]) -> str:
    return current_app.jinja_env.get_template(f"mails/{name}.txt").render(**words)


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
    """Addresses of this site as links; one that ends a line after a colon is the link of the words before it."""
    settings: Settings = current_app.extensions["settings"]
    address = re.compile(rf"({re.escape(settings.base_url)}(?:/[^\s<>\"]*)?)(?=\s|$)")
    parts = address.split(words)
    match parts:
        case [label, url, ""] if label.endswith(": "):
            return Markup('<a href="{}">{}</a>').format(url, label.removesuffix(": "))
    return Markup("").join(
        Markup('<a href="{}">{}</a>').format(part, part) if position % 2 else escape(part)
        for position, part in enumerate(parts)
    )
