"""The ballot as voters meet it: ticked signed out, kept through signing in, looked over, cast, changed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from crowd.core.status import StageKind
from crowd.store.db import transaction
from crowd.store.secrets import hash_password
from tests.browser.conftest import NewPerson
from tests.make import make_account, make_call, make_proposal, make_rules
from tests.serving import LiveServer

PASSWORD = "a long enough password"


@dataclass(frozen=True)
class Booth:
    path: str
    voter: str


@pytest.fixture
def booth(live_server: LiveServer) -> Iterator[Booth]:
    """An open vote over six proposals (up to three each) and a person who may vote."""
    if live_server.environ is None:
        pytest.skip("needs a server of our own, to put a call into it")
    app = live_server.app
    with app.app_context():
        call = make_call(rules=make_rules(StageKind.VOTING))
        for number in range(6):
            make_proposal(call, title=f"Proposal {number}")
        hashed = hash_password(PASSWORD)
        account = make_account("Vera Voter", email=f"voter-{call.public_id}@example.org")
        with transaction(account):
            account.password_hash = hashed
        yield Booth(f"/calls/{call.public_id}/vote", account.email)


def sign_in(page: Page, booth: Booth) -> None:
    page.locator("[name=email]").fill(booth.voter)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form [type=submit]").first.click()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_what_a_visitor_ticks_is_cast_after_signing_in(
    booth: Booth,
    new_person: NewPerson,
    assert_accessible: Callable[[Page], None],
    script: bool,  # noqa: FBT001
) -> None:
    page = new_person(java_script_enabled=script)
    page.goto(booth.path)
    for title in ("Proposal 1", "Proposal 4"):
        page.get_by_role("checkbox", name=title).check()
    page.get_by_role("button", name="Sign in to cast").click()
    sign_in(page, booth)
    expect(page.locator("[data-tray]")).to_have_text("You support 2 of up to 3 proposals. Not cast yet.")
    page.get_by_role("button", name="Look over and cast").click()
    expect(page.locator(".chosen li")).to_have_count(2)
    if script:
        assert_accessible(page)
    page.get_by_role("button", name="Go back and change it").click()
    page.get_by_role("checkbox", name="Proposal 4").uncheck()
    page.get_by_role("button", name="Look over and cast").click()
    page.get_by_role("button", name="Cast ballot").click()
    expect(page.get_by_role("heading", name="Your ballot is cast")).to_be_visible()
    expect(page.locator(".chosen li")).to_have_text(["Proposal 1"])


def test_the_tray_follows_what_is_ticked_and_keeps_it_in_the_tab(booth: Booth, new_person: NewPerson) -> None:
    page = new_person()
    page.goto(booth.path)
    tray = page.locator("[data-tray]")
    expect(tray).to_have_text("You support none yet. Not cast yet.")
    for number in range(4):
        page.get_by_role("checkbox", name=f"Proposal {number}").check()
    expect(tray).to_have_text("You chose 4, and at most 3 may be chosen. Take some away.")
    page.get_by_role("checkbox", name="Proposal 0").uncheck()
    page.locator(".ballot a", has_text="Proposal 5").click()
    expect(page.get_by_role("heading", name="Proposal 5", level=1)).to_be_visible()
    page.goto(booth.path)
    expect(tray).to_have_text("You support 3 of up to 3 proposals. Not cast yet.")


def test_the_ballot_is_cast_by_keyboard_alone(booth: Booth, new_person: NewPerson) -> None:
    page = new_person(email=booth.voter, viewport={"width": 360, "height": 640})
    page.goto(booth.path)
    page.get_by_role("checkbox", name="Proposal 2").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Look over and cast").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Look over your ballot")).to_be_visible()
    page.get_by_role("button", name="Cast ballot").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".chosen li")).to_have_text(["Proposal 2"])
