"""A browser, one context per person, and a real server. A page that logs an error fails its test."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, sync_playwright
from sqlalchemy import select

from crowd.accounts.models import Account
from crowd.store.db import db
from tests.browser.axe import Axe
from tests.conftest import compiled_templates, made_fonts
from tests.make import DEVICE, make_session
from tests.services import mail_server
from tests.serving import LiveServer, serve

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = os.environ.get("TEST_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)

EXPECTED = tuple(
    f"Failed to load resource: {what}"
    for what in ("the server responded with", "net::ERR_INTERNET_DISCONNECTED", "net::ERR_FAILED")
)

NewPerson = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All in one process of a parallel run: a server and a browser take long to start."""
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[LiveServer]:
    """One installation for all browser tests of this process, empty at the start. TEST_BASE_URL names another to use."""
    named = os.environ.get("TEST_BASE_URL")
    if named:
        yield LiveServer(named.rstrip("/"))
        return
    data = tmp_path_factory.mktemp("live")
    (data / "templates").symlink_to(compiled_templates(pytestconfig), target_is_directory=True)
    (data / "fonts").symlink_to(made_fonts(pytestconfig), target_is_directory=True)
    with mail_server() as mailbox, serve(data, mailbox=mailbox) as server:
        yield server


@pytest.fixture
def prepared(live_server: LiveServer) -> Iterator[None]:
    """The application of the running server, to put rows into its database."""
    if live_server.environ is None:
        pytest.skip("needs a server of our own, to put a call into it")
    with live_server.app.app_context():
        yield


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("Chromium is not installed")
    browser = playwright_driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def new_person(browser: Browser, live_server: LiveServer) -> Iterator[NewPerson]:
    """Opens a page in a context of its own; arguments go to Playwright's `new_context` (java_script_enabled, viewport…).

    `email` names the account that signed in there already, where signing in is not what the test is about.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(*, email: str | None = None, **options: Any) -> Page:
        context = browser.new_context(
            **{"base_url": live_server.url, "locale": "en-GB", "reduced_motion": "reduce"} | options
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        if email:
            for name, value in _signed_in(live_server, email).items():
                context.add_cookies([{"name": name, "value": value, "url": live_server.url, "sameSite": "Lax"}])
        page = context.new_page()
        page.on("console", lambda message: complaints.extend(_complaint(message)))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def _signed_in(server: LiveServer, email: str) -> dict[str, str]:
    """The cookies of a browser in which this person signed in."""
    with server.app.app_context():
        key = make_session(db.session.scalars(select(Account).where(Account.email == email)).one())
    signer = SecureCookieSessionInterface().get_signing_serializer(server.app)
    assert signer is not None
    name = server.app.config["SESSION_COOKIE_NAME"]
    return {name: str(signer.dumps({"_user_id": key, "_fresh": True})), f"{name}-device": DEVICE}


def _complaint(message: ConsoleMessage) -> list[str]:
    """Errors, but not the browser's note that an answer was a 4xx (pages are meant to answer so) or that a test cut the line."""
    expected = message.type != "error" or message.text.startswith(EXPECTED)
    return [] if expected else [f"{message.text} ({message.location.get('url', '')})"]


@pytest.fixture
def page(new_person: NewPerson) -> Page:
    return new_person()


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[[Page], None]:
    return Axe()
