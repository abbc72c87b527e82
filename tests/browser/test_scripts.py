"""What the small scripts add to pages that work without them, seen on the styleguide."""

import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from crowd.config import Settings
from crowd.factory import create_app
from crowd.store.db import db
from tests.browser.conftest import NewPerson
from tests.services import free_port
from tests.serving import LiveServer


class Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@pytest.fixture(scope="module")
def guide_url(live_server: LiveServer) -> Iterator[str]:
    """The styleguide comes with the demo: the installation once more, as one with a demo, served from this process."""
    assert live_server.environ is not None
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    app = create_app(Settings.from_env(live_server.environ | {"APERTURA_DEMO": "1", "APERTURA_BASE_URL": url}))
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield url
    server.shutdown()
    server.server_close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def guide(guide_url: str, new_person: NewPerson) -> Page:
    page = new_person(base_url=guide_url)
    page.goto("/styleguide")
    return page


def test_the_styleguide_is_accessible(guide: Page, assert_accessible: Callable[[Page], None]) -> None:
    assert_accessible(guide)


def test_the_summary_of_errors_takes_the_focus(guide: Page) -> None:
    expect(guide.locator(".error-summary")).to_be_focused()


def test_a_dialog_opens_closes_on_escape_and_gives_the_focus_back(guide: Page) -> None:
    opener = guide.get_by_role("link", name="Open a dialog")
    opener.click()
    expect(guide.get_by_role("dialog", name="Cast this ballot?")).to_be_visible()
    guide.keyboard.press("Escape")
    expect(guide.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()


def test_the_counter_counts_characters_and_says_when_there_are_too_many(guide: Page) -> None:
    title = guide.get_by_label("Title")
    title.fill("año 👍")
    expect(guide.locator("#title-count")).to_have_text("115 characters left")
    title.fill("x" * 125)
    expect(guide.locator("#title-count")).to_have_text("5 characters too many")
    assert len(title.input_value()) == 125


def test_the_colour_scheme_can_be_chosen_and_is_drawn_by_the_server_afterwards(guide: Page) -> None:
    guide.get_by_role("button", name="Dark").click()
    night = guide.evaluate("getComputedStyle(document.body).backgroundColor")
    guide.reload()
    expect(guide.locator("html")).to_have_attribute("data-theme", "dark")
    assert guide.evaluate("getComputedStyle(document.body).backgroundColor") == night


def test_a_key_presses_the_button_that_carries_it_unless_one_is_writing(guide: Page) -> None:
    guide.get_by_label("Title").press("n")
    assert "#main" not in guide.url
    guide.locator(".error-summary").press("n")
    guide.wait_for_url("**/styleguide#main")


def test_a_menu_closes_on_escape(guide: Page) -> None:
    keys = guide.locator("details.keys")
    keys.locator("summary").click()
    expect(keys).to_have_attribute("open", "")
    guide.keyboard.press("Escape")
    expect(keys).not_to_have_attribute("open", "")


def test_without_script_nothing_dead_is_shown(guide_url: str, new_person: NewPerson) -> None:
    page = new_person(base_url=guide_url, java_script_enabled=False)
    page.goto("/styleguide")
    expect(page.get_by_role("button", name="Preview")).to_have_count(0)
    expect(page.get_by_role("button", name="Dark")).to_have_count(0)
    expect(page.get_by_text("At most 120 characters")).to_be_visible()


@pytest.mark.parametrize("width", [320, 360, 768])
def test_the_styleguide_never_scrolls_sideways(guide_url: str, new_person: NewPerson, width: int) -> None:
    page = new_person(base_url=guide_url, viewport={"width": width, "height": 740})
    page.goto("/styleguide")
    assert page.evaluate("document.documentElement.scrollWidth") == width
