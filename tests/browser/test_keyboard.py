"""The journey's forms by keyboard alone: signing in, proposing, reviewing, deciding. (Voting: test_ballot.)"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.config import Settings
from crowd.core.status import OrganizationRole, StageKind
from crowd.factory import create_app
from crowd.store.db import transaction
from crowd.store.secrets import hash_password
from tests.browser.conftest import NewPerson
from tests.make import (
    make_account,
    make_assignment,
    make_call,
    make_juror,
    make_member,
    make_organization,
    make_proposal,
    make_rules,
    open_all,
)
from tests.serving import LiveServer

PASSWORD = "a long enough password"
STOPS = 60


@dataclass(frozen=True)
class Scene:
    """Paths and the person who goes there."""

    call: str
    email: str
    first: str = ""


@pytest.fixture
def prepared(live_server: LiveServer) -> Iterator[None]:
    """The application of the running server, to put rows into its database."""
    if live_server.environ is None:
        pytest.skip("needs a server of our own, to put a call into it")
    with create_app(Settings.from_env(live_server.environ)).app_context():
        yield


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


def sign_in(page: Page, scene: Scene, then: str) -> None:
    page.goto(f"/sign-in?next={then}")
    tab_to(page, "[name=email]")
    page.keyboard.type(scene.email)
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert urlsplit(page.url).path == then
    scripts_started(page)


def scripts_started(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("data-scripts", "started")


def test_a_proposal_is_written_and_handed_in_by_keyboard_alone(prepared: None, new_person: NewPerson) -> None:
    call = make_call()
    scene = Scene(address(call), with_password(make_account("Kay Keys")))
    page = new_person()
    sign_in(page, scene, f"{scene.call}/propose")
    for name, text in (("title", "A swing"), ("summary", "Two seats under the plane tree."), ("body", "Oak and rope.")):
        tab_to(page, f"[name={name}]")
        page.keyboard.type(text)
    tab_to(page, "main form [type=submit][value=submit], main form [type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit")
    page.goto(page.url.replace("/edit", "/submit"))
    for _ in range(2):
        tab_to(page, "main [type=checkbox]:not(:checked)")
        page.keyboard.press("Space")
    tab_to(page, "main form [type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("SHA-256")


def test_a_review_is_filled_in_and_handed_in_by_its_keys(prepared: None, new_person: NewPerson) -> None:
    call = make_call(rules=make_rules(StageKind.REVIEW))
    account = make_account("Juri Juror")
    juror = make_juror(open_all(call, "jury"), account)
    first, second = (make_assignment(juror, make_proposal(call, title=title)) for title in ("A pond", "A wall"))
    scene = Scene(address(call), with_password(account), f"/reviews/{first.public_id}")
    page = new_person()
    sign_in(page, scene, scene.first)
    for key in ("3", "j", "5", "k", "2", "j", "j"):
        page.keyboard.press(key)
    expect(page.locator("[name=score_0][value='2']")).to_be_checked()
    expect(page.locator("[name=score_1][value='5']")).to_be_focused()
    page.locator("[name=authors]").focus()
    page.keyboard.type("Give 4 of them a try, jolly good.")
    expect(page.locator("[name=score_1][value='5']")).to_be_checked()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/reviews/{second.public_id}")
    page.goto(scene.first)
    expect(page.locator("[name=authors]")).to_have_value("Give 4 of them a try, jolly good.")
    expect(page.locator("[name=score_0][value='2']")).to_be_checked()


def test_a_verdict_is_given_by_keyboard_alone(prepared: None, new_person: NewPerson) -> None:
    organization = make_organization()
    manager = make_member(organization, OrganizationRole.MANAGER)
    call = make_call(organization, make_rules(StageKind.SELECTION))
    proposal, other = (make_proposal(call, title=title) for title in ("A pond", "A wall"))
    scene = Scene(address(call), with_password(manager), f"/proposals/{proposal.public_id}/verdict")
    page = new_person()
    sign_in(page, scene, scene.first)
    tab_to(page, "[name=outcome]")
    page.keyboard.press("Space")
    tab_to(page, "[name=reason]")
    page.keyboard.press("Control+a")  # in place of what the count suggests
    page.keyboard.type("Frogs first.")
    tab_to(page, "main form [type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/proposals/{other.public_id}/verdict")
    scripts_started(page)
    back = page.locator(".toolbar a[data-key]").get_attribute("data-key")  # equal ranks stand in no order of ours
    assert back in {"n", "p"}
    page.keyboard.press(back)
    page.wait_for_url(f"**{scene.first}")
    expect(page.locator("[name=reason]")).to_have_value("Frogs first.")
