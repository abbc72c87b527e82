"""Writing before having an account: nothing typed is lost on the way through sign-up and the mailed link."""

import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPerson
from tests.make import make_call, make_rules
from tests.services import links
from tests.serving import LiveServer

WORDS = {
    "title": "Señalización rápida en Peñíscola",
    "summary": "Signs that can be read at night.",
    "body": "First paragraph, with “quotes” & <angles>.\n\nSecond paragraph.",
    "tags": "night, signs",
}


@pytest.fixture(scope="module")
def call_path(live_server: LiveServer) -> Iterator[str]:
    if live_server.environ is None:
        pytest.skip("needs a server of our own, to put a call into it")
    app = live_server.app
    with app.app_context():
        call = make_call(rules=make_rules(asks_cost=True))
        yield f"/calls/{call.public_id}"


def write(page: Page, call_path: str) -> None:
    page.goto(call_path)
    page.get_by_role("link", name="Start a proposal").first.click()
    for name, words in WORDS.items():
        page.locator(f"[name={name}]").fill(words)
    page.locator("[name=cost]").fill("1.200")


def confirmed_link(server: LiveServer, email: str) -> str:
    assert server.mailbox
    until = time.monotonic() + 30
    while not server.mailbox.to(email):
        assert time.monotonic() < until, "no mail came"
        time.sleep(0.2)
    found = next(link for link in links(server.mailbox.to(email)[-1]) if "/link/" in link)
    return urlsplit(found).path


@pytest.mark.parametrize(
    ("script", "same_browser"),
    [(True, True), (False, False)],
    ids=["with script", "without script, confirmed in another browser"],
)
def test_what_a_visitor_typed_comes_through_sign_up_and_the_mailed_link(
    live_server: LiveServer,
    new_person: NewPerson,
    call_path: str,
    assert_accessible: Callable[[Page], None],
    script: bool,  # noqa: FBT001
    same_browser: bool,  # noqa: FBT001
) -> None:
    email = f"writer-{script}-{same_browser}@example.org".lower()
    page = new_person(java_script_enabled=script)
    write(page, call_path)
    if script:
        assert_accessible(page)
    page.locator("header").get_by_role("button", name="Create account").click()
    page.locator("[name=email]").fill(email)
    page.locator("[name=name]").fill("Wanda Writer")
    page.locator("[name=password]").fill("a long enough phrase")
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    page.locator("main form button.act").first.click()
    reader = page if same_browser else new_person(java_script_enabled=script)
    reader.goto(confirmed_link(live_server, email))
    if reader.locator("main form button.act").count():
        if reader.locator("[name=password]").count():
            reader.locator("[name=password]").fill("a long enough phrase")
        reader.locator("main form button.act").first.click()
    for name, words in WORDS.items():
        expect(reader.locator(f"[name={name}]")).to_have_value(words)
    if same_browser:
        expect(reader.get_by_text("What you wrote is your draft now.")).to_be_visible()
    else:
        expect(reader.locator("[name=cost]")).to_have_value("1.200")
        reader.locator("main").get_by_role("button", name="Save draft").last.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Your draft")
    expect(reader.locator("[name=body]")).to_have_value(WORDS["body"])
    expect(reader.locator("[name=cost]")).to_have_value("1200")
    if script:
        assert_accessible(reader)
        for words, count in (("", "3 of 4 there"), ("Again a title", "4 of 4 there")):
            reader.locator("[name=title]").fill(words)
            expect(reader.locator("[data-there]")).to_have_text(count)
