"""The pages around a vote, in both languages: its ledger, its electorate and codes, what stood out, a receipt."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Page, expect

from crowd.core.rules import Electorate, VotingMethod
from crowd.core.status import StageKind
from crowd.store.db import transaction
from tests.browser.conftest import NewPerson
from tests.browser.looking import assert_narrow, unfold
from tests.make import (
    VOTE,
    make_account,
    make_call,
    make_member,
    make_organization,
    make_proposal,
    make_rules,
    open_all,
)
from tests.rounds.closed import closed_vote
from tests.serving import LiveServer


@dataclass(frozen=True)
class Votes:
    """Addresses of votes that are open, by electorate, and of one that is closed, with whoever manages them all."""

    voting: str
    codes: str
    invited: str
    closed: str
    email: str


@pytest.fixture(params=[pytest.param("en", marks=pytest.mark.soak), "es"])
def votes(request: pytest.FixtureRequest, live_server: LiveServer) -> Iterator[Votes]:
    if live_server.environ is None:
        pytest.skip("needs a server of our own, to put calls into it")
    app = live_server.app
    with app.app_context():
        organization = make_organization()
        opened = {}
        for electorate in (Electorate.VERIFIED, Electorate.CODES, Electorate.INVITED):
            rules = make_rules(StageKind.VOTING)
            vote = replace(VOTE, electorate=electorate, secret=True)
            call = make_call(organization, replace(rules, rounds=(vote, *rules.rounds[1:])))
            for number in range(3):
                make_proposal(call, title=f"Proposal {number}")
            open_all(call)
            opened[electorate] = f"/calls/{call.public_id}"
        closed = closed_vote(VotingMethod.APPROVAL, [{0: 1}] * 12 + [{1: 1}], set_aside=[0])
        account = make_account("Mara Manager", email=f"votes-{closed.call.public_id}@example.org")
        make_member(organization, account=account)
        make_member(closed.organization, account=account)
        with transaction(account):
            account.language = request.param
        yield Votes(
            voting=opened[Electorate.VERIFIED],
            codes=opened[Electorate.CODES],
            invited=opened[Electorate.INVITED],
            closed=closed.url,
            email=account.email,
        )


def test_nothing_for_axe_to_find_on_the_pages_around_a_vote(
    votes: Votes, new_person: NewPerson, assert_accessible: Callable[[Page], None]
) -> None:
    page = new_person(email=votes.email)

    def look(path: str) -> None:
        if path:
            page.goto(path)
        unfold(page)
        assert_accessible(page)
        assert_narrow(page)

    page.goto(f"{votes.voting}/vote")
    page.get_by_role("checkbox", name="Proposal 1").check()
    page.locator(".ballot-form button:not([formaction])[type=submit]").last.click()
    page.wait_for_url("**/vote/review*")
    page.locator("main form button").first.click()
    page.wait_for_url("**/vote/receipt*")
    look("")
    look(f"{votes.voting}/rounds/crowd/ledger")
    look(f"{votes.closed}/ledger")
    page.locator("[name=leaf]").fill("0" * 64)
    page.keyboard.press("Enter")
    expect(page.locator("#receipt .notice")).to_be_visible()
    look("")
    look(f"{votes.closed}/signals")
    look(f"{votes.invited}/rounds/crowd/electorate")
    look(f"{votes.codes}/rounds/crowd/electorate")
    page.locator("[name=number]").fill("3")
    page.locator("[name=number]").press("Enter")
    page.wait_for_url("**/electorate/codes")
    look("")
