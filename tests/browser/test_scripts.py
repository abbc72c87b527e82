"""What the small scripts add to pages that work without them, seen on the styleguide."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPerson
from tests.serving import LiveServer, serve


@pytest.fixture(scope="module")
def guide_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with serve(tmp_path_factory.mktemp("guide"), demo="1") as server:
        yield server


@pytest.fixture
def guide(guide_server: LiveServer, new_person: NewPerson) -> Page:
    page = new_person(base_url=guide_server.url)
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


def test_without_script_nothing_dead_is_shown(guide_server: LiveServer, new_person: NewPerson) -> None:
    page = new_person(base_url=guide_server.url, java_script_enabled=False)
    page.goto("/styleguide")
    expect(page.get_by_role("button", name="Preview")).to_have_count(0)
    expect(page.get_by_role("button", name="Dark")).to_have_count(0)
    expect(page.get_by_text("At most 120 characters")).to_be_visible()


@pytest.mark.parametrize("width", [320, 360, 768])
def test_the_styleguide_never_scrolls_sideways(guide_server: LiveServer, new_person: NewPerson, width: int) -> None:
    page = new_person(base_url=guide_server.url, viewport={"width": width, "height": 740})
    page.goto("/styleguide")
    assert page.evaluate("document.documentElement.scrollWidth") == width
