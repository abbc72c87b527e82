"""What holds on every page that somebody walks through: axe finds nothing, and nothing scrolls sideways on a small phone."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PageTimeout

NARROW = 360
IDS = re.compile(r"/(?:[0-9a-z]{12}|[0-9a-z-]*[0-9a-f]{8}|[0-9A-Za-z_-]{40,})(?=/|$)")


def kind_of(url: str) -> str:
    """The path of a page without what names one thing, so that two calls count as one kind of page."""
    return IDS.sub("/*", urlsplit(url).path)


@dataclass
class Inspector:
    """Looks at each kind of page once, when somebody comes upon it."""

    assert_accessible: Callable[[Page], None]
    seen: set[str] = field(default_factory=set)

    def __call__(self, page: Page) -> None:
        kind = kind_of(page.url)
        if kind in self.seen:
            return
        self.seen.add(kind)
        self.assert_accessible(page)
        assert_narrow(page)


TOO_WIDE = """most => [...document.querySelectorAll("body *")]
  .filter((each) => each.getBoundingClientRect().right > most)
  .filter((each) => { for (let at = each; (at = at.parentElement); ) if (getComputedStyle(at).overflowX !== "visible" && at !== document.body) return false; return true; })
  .map((each) => each.outerHTML.slice(0, 90)).slice(0, 5).concat([`${document.documentElement.scrollWidth} px`])"""
"""What stands out to the right, but for what scrolls within its own frame."""


FITS = "most => document.documentElement.scrollWidth <= most"
UNFOLD = """() => {
  for (let shut; (shut = document.querySelector("main details:not([open])")); ) shut.open = true;
}"""


def assert_narrow(page: Page) -> None:
    """Nothing scrolls sideways at 360 px."""
    usual = page.viewport_size
    assert usual is not None
    page.set_viewport_size({"width": NARROW, "height": 740})
    try:
        if not page.evaluate(FITS, NARROW):  # what follows a change of width needs a frame or two
            page.wait_for_function(FITS, arg=NARROW, timeout=10_000)
    except PageTimeout:
        pytest.fail(f"{page.url}: {page.evaluate(TOO_WIDE, NARROW)}")
    page.set_viewport_size(usual)


def unfold(page: Page) -> None:
    """Open all that is folded away."""
    page.evaluate(UNFOLD)
