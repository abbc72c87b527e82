"""Writing without a connection, after a crash, on a shared machine, and two at once."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from crowd.accounts.models import Account
from crowd.core.status import MemberStatus, ProposalStatus
from crowd.proposals.models import Proposal, TeamMember
from crowd.store.db import db, transaction
from tests.browser.conftest import NewPerson
from tests.make import make_account, make_call, make_proposal
from tests.serving import LiveServer

MOST_FILES = 20
HELD = "Object.keys(localStorage).filter((name) => name.startsWith('apertura.text.')).length"


@dataclass(frozen=True)
class Desk:
    propose: str
    edit: str
    ana: str
    bo: str
    key: str


@pytest.fixture
def desk(live_server: LiveServer) -> Iterator[Desk]:
    """A draft of two people, and the call it is for."""
    if live_server.environ is None:
        pytest.skip("needs a server of our own, to put a draft into it")
    with live_server.app.app_context():
        ana, bo = make_account("Ana Prieto"), make_account("Bo Chen")
        for account in (ana, bo):
            with transaction(account):
                account.email = account.email_folded = f"{account.public_id}@example.org"
        draft = make_proposal(call := make_call(), ana, status=ProposalStatus.DRAFT)
        with transaction() as session:
            place = TeamMember(proposal_id=draft.id, account_id=bo.id, name="Bo", email=bo.email, share=0)
            place.email_folded, place.status = bo.email, MemberStatus.ACCEPTED
            session.add(place)
        yield Desk(
            f"/calls/{call.public_id}/propose",
            f"/proposals/{draft.public_id}/edit",
            ana.email,
            bo.email,
            draft.public_id,
        )


def test_what_is_typed_without_a_connection_survives_a_crash_and_is_sent_when_it_is_back(
    new_person: NewPerson, desk: Desk
) -> None:
    page = new_person()
    page.goto(desk.propose)
    page.locator("[name=title]").fill("Typed with a connection")
    expect(page.locator("[data-saved]").first).to_have_attribute("data-state", "saved")
    page.context.set_offline(True)
    page.route("**/autosave", lambda route: route.abort("internetdisconnected"))  # nor while it closes, back on line
    page.locator("[name=body]").fill("Typed on the train.")
    expect(page.locator("[data-saved]").first).to_contain_text("kept in this browser", timeout=15_000)
    page.close(run_before_unload=False)
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto(desk.propose)
    expect(again.locator("[name=title]")).to_have_value("Typed with a connection")
    expect(again.locator("[name=body]")).to_have_value("Typed on the train.")
    expect(again.locator("[data-saved]").first).to_have_attribute("data-state", "saved")
    assert again.evaluate(HELD) == 0
    elsewhere = new_person()
    elsewhere.goto(desk.propose)
    expect(elsewhere.locator("[name=body]")).to_have_value("")


def test_signing_out_takes_what_the_browser_holds_with_it(new_person: NewPerson, desk: Desk) -> None:
    page = new_person(email=desk.ana)
    page.goto(desk.edit)
    page.route("**/autosave", lambda route: route.abort())
    page.locator("[name=title]").fill("Only in this browser")
    expect(page.locator("[data-saved]").first).to_have_attribute("data-state", "failed")
    assert page.evaluate(HELD) == 1
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/")
    assert page.evaluate(HELD) == 0


def test_the_page_with_the_most_scripts_asks_for_at_most_twenty_files(new_person: NewPerson, desk: Desk) -> None:
    page = new_person(email=desk.ana)
    page.goto(desk.edit)
    expect(page.locator("html")).to_have_attribute("data-scripts", "started")
    assert page.evaluate("1 + performance.getEntriesByType('resource').length") <= MOST_FILES


def test_what_is_typed_before_the_scripts_have_come_is_saved_too(new_person: NewPerson, desk: Desk) -> None:
    page = new_person(email=desk.ana)
    held: list[Route] = []
    page.route(re.compile(r"/autosave[^/]*\.js"), lambda route: held.extend([route]))
    page.goto(desk.edit)
    page.locator("[name=title]").fill("Typed at once")
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator("[data-saved]").first).to_have_attribute("data-state", "saved")
    page.reload()
    expect(page.locator("[name=title]")).to_have_value("Typed at once")


def test_two_people_see_each_other_and_neither_text_is_lost(
    live_server: LiveServer, new_person: NewPerson, desk: Desk, assert_accessible: Callable[[Page], None]
) -> None:
    ana, bo = new_person(email=desk.ana), new_person(email=desk.bo)
    ana.goto(desk.edit)
    bo.goto(desk.edit)
    expect(bo.locator("[data-presence]")).to_contain_text("Ana Prieto opened this")
    ana.locator("[name=title]").fill("A bench of Ana's")
    expect(ana.locator("[data-saved]").first).to_have_attribute("data-state", "saved")
    expect(ana.locator("[data-presence]")).to_contain_text("Bo Chen opened this")
    bo.locator("[name=title]").fill("A bench of Bo's")
    expect(bo.locator("[data-saved]").first).to_contain_text("Ana Prieto saved a change meanwhile.")
    bo.locator("[name=body]").fill("He goes on writing.")
    bo.locator("main form#write").get_by_role("button", name="Save draft").click()
    expect(bo.get_by_role("heading", level=1)).to_have_text("Two texts")
    assert_accessible(bo)
    bo.get_by_role("radio", name="Take what was saved by Ana Prieto").first.check()
    bo.get_by_role("button", name="Save this choice").click()
    expect(bo.locator("[name=title]")).to_have_value("A bench of Ana's")
    expect(bo.locator("[name=body]")).to_have_value("He goes on writing.")
    assert bo.evaluate(HELD) == 0
    assert live_server.environ is not None
    with live_server.app.app_context():
        stored = db.session.execute(
            select(Proposal.title, Proposal.body, Account.name)
            .join(Account, Account.id == Proposal.edited_by_id)
            .where(Proposal.public_id == desk.key)
        ).one()
    assert tuple(stored) == ("A bench of Ana's", "He goes on writing.", "Bo Chen")
