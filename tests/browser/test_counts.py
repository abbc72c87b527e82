"""The pages that tell of counts as people see them: nothing for axe to find, readable on a phone, compared without script."""

from collections.abc import Callable, Iterator, Mapping

import pytest
from playwright.sync_api import Page, expect

from crowd.core.rules import VotingMethod
from tests.browser.conftest import NewPerson
from tests.browser.looking import assert_narrow, unfold
from tests.rounds.closed import closed_vote
from tests.serving import LiveServer

DRAWN = (
    VotingMethod.SCORE,
    VotingMethod.MAJORITY_JUDGMENT,
    VotingMethod.STV,
    VotingMethod.SCHULZE,
    VotingMethod.EQUAL_SHARES,
    VotingMethod.BRADLEY_TERRY,
)
"""One for each kind of picture."""
LONG = "A garden for the rain that comes down the long street every autumn, with stones, reeds and a bench to watch it from"


@pytest.fixture
def counted(live_server: LiveServer) -> Iterator[Mapping[VotingMethod, str]]:
    """Addresses of closed votes."""
    if live_server.environ is None:
        pytest.skip("needs a server of our own, to put calls into it")
    app = live_server.app
    with app.app_context():
        yield {method: closed_vote(method, titles=("Ash", LONG, "Cedar")).url for method in DRAWN}


def test_every_picture_is_accessible_with_its_table_open_and_fits_a_phone(
    counted: Mapping[VotingMethod, str], page: Page, assert_accessible: Callable[[Page], None]
) -> None:
    for url in counted.values():
        page.goto(url)
        unfold(page)
        assert_accessible(page)
        assert_narrow(page)


def test_two_proposals_are_compared_without_script(counted: Mapping[VotingMethod, str], new_person: NewPerson) -> None:
    page = new_person(java_script_enabled=False)
    page.goto(counted[VotingMethod.STV])
    page.get_by_label("Compare").select_option("Cedar")
    page.get_by_label("with", exact=True).select_option("Ash")
    page.get_by_role("button", name="Say why").click()
    expect(page.locator(".answer")).to_contain_text("“Ash” won and “Cedar” did not.")
    expect(page.get_by_label("Compare")).to_have_value(
        page.get_by_label("Compare").locator("option:checked").get_attribute("value") or ""
    )
