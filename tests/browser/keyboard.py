"""Going about by keyboard alone."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.store.db import transaction
from crowd.store.secrets import hash_password

PASSWORD = "a long enough password"
STOPS = 100


@dataclass(frozen=True)
class Scene:
    """Paths and the person who goes there."""

    call: str
    email: str
    first: str = ""


def with_password(account: Account) -> str:
    hashed = hash_password(PASSWORD)
    with transaction(account):
        account.password_hash = hashed
    return account.email


def address(call: Call) -> str:
    return f"/calls/{call.public_id}"


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on this element; the ring that shows it must be there."""
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", selector
            return
    raise AssertionError(f"Tab does not come to {selector} on {page.url}")


def press(page: Page, selector: str, key: str = "Enter") -> None:
    tab_to(page, selector)
    page.keyboard.press(key)


def write(page: Page, selector: str, words: str) -> None:
    tab_to(page, selector)
    page.keyboard.type(words)


def sign_in(page: Page, scene: Scene, then: str) -> None:
    enter(page, scene, then)
    scripts_started(page)


def enter(page: Page, scene: Scene, then: str) -> None:
    """Sign in, also without scripts."""
    page.goto(f"/sign-in?next={then}")
    tab_to(page, "[name=email]")
    page.keyboard.type(scene.email)
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert urlsplit(page.url).path == then


def scripts_started(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("data-scripts", "started")
