"""Text of people to safe HTML: Markdown, then bleach, then nh3 as a second, independent pass. The only allow-list."""

import re
import unicodedata
from collections.abc import MutableMapping
from functools import lru_cache, partial
from html import unescape

import nh3
from bleach.linkifier import LinkifyFilter
from bleach.sanitizer import Cleaner
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = frozenset(
    ["p", "br", "hr", "h2", "h3", "h4", "h5", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "s"]
) | {
    "a",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
SCHEMES = frozenset({"http", "https", "mailto"})
ATTRIBUTES = {"a": ["href", "title"], "ol": ["start"]}
CACHED = 4096

_HEADING = re.compile(r"<(/?)h([1-6])>")
_Attributes = MutableMapping[tuple[str | None, str], str]
_BLANK = re.compile(r"\n{3,}")
_SPACES = re.compile(r"\s+")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True})
    return reader.enable(["table", "strikethrough"]).disable(["image"])


def _outward(attributes: _Attributes, _new: bool = False, /) -> _Attributes:  # noqa: FBT001, FBT002 (bleach calls it so)
    attributes[(None, "rel")] = "nofollow ugc noopener"
    return attributes


def _placed(html: str, top: int) -> str:
    """Headings of people stand below the page's own, from `top` on, and skip no level, whichever levels they wrote."""
    above: list[int] = []

    def place(match: re.Match[str]) -> str:
        level = int(match[2])
        if not match[1]:
            while above and above[-1] >= level:
                above.pop()
            above.append(level)
        return f"<{match[1]}h{min(len(above) + top - 1, 5)}>"

    return _HEADING.sub(place, html)


@lru_cache(maxsize=CACHED)
def rendered(source: str, top: int = 3) -> Markup:
    """Safe HTML of a Markdown text whose first heading is of level `top`, cached by content. Raw HTML stays visible as text; pictures become links or vanish."""
    html = _placed(_reader().render(source), top)
    cleaner = Cleaner(
        tags=TAGS,
        attributes=ATTRIBUTES,
        protocols=SCHEMES,
        strip=True,
        filters=[partial(LinkifyFilter, callbacks=[_outward], skip_tags={"pre", "code"})],
    )
    once = cleaner.clean(html)
    twice = nh3.clean(
        once,
        tags=set(TAGS),
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes=set(SCHEMES),
        link_rel="nofollow ugc noopener",
    )
    return Markup(twice)  # noqa: S704 (the cleaner's output is the one string trusted as HTML)


@lru_cache(maxsize=CACHED)
def plain(source: str) -> str:
    """The words of a Markdown text without its marks, for mails, excerpts and search."""
    text = nh3.clean(re.sub(r"</(p|li|h\d|tr|blockquote|pre)>", "\n", str(rendered(source))), tags=set())
    return _BLANK.sub("\n\n", unescape(text)).strip()


def line(text: str) -> str:
    """Text of a person on one line of a letter; right-to-left text is isolated, so that it does not turn the line round."""
    words = _SPACES.sub(" ", _TURNING.sub("", "".join(c for c in text if c.isspace() or c.isprintable()))).strip()
    turned = any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in words)
    return f"\u2068{words}\u2069" if turned else words


def quoted(text: str) -> str:
    """Markdown of a person as plain lines of a letter, each marked with `>`."""
    return "\n".join(f"> {words}".rstrip() for words in plain(text).splitlines())
