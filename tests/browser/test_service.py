"""The whole service in a browser: web server, job runner, strict content policy."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.conftest import NewPerson
from tests.serving import LiveServer


def test_the_first_page_of_an_empty_installation_is_accessible_and_logs_no_error(
    page: Page, assert_accessible: Callable[[Page], None]
) -> None:
    page.goto("/")
    assert page.locator("h1").count() == 1
    assert_accessible(page)


def test_the_first_page_asks_nobody_else_for_anything(page: Page, live_server: LiveServer) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/", wait_until="networkidle")
    assert [url for url in asked if not url.startswith(live_server.url)] == []


def test_the_first_page_fits_a_small_phone(new_person: NewPerson) -> None:
    page = new_person(viewport={"width": 360, "height": 740})
    page.goto("/")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
