"""A shuffled list walked as people walk: onwards, into a proposal and back, after a vote on the way, from a mailed link."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from crowd.core.status import StageKind
from tests.browser.conftest import NewPerson
from tests.make import make_account, make_call, make_many_proposals, open_all

ROWS = ".row-title a"


def shown(page: Page) -> list[str]:
    return [urlsplit(link.get_attribute("href") or "").path for link in page.locator(ROWS).all()]


def onwards(page: Page) -> bool:
    link = page.locator(".pager").get_by_role("link", name="Next")
    if not link.count():
        return False
    link.click()
    return True


def vote_in_another_tab(page: Page, address: str) -> None:
    tab = page.context.new_page()
    tab.goto(address)
    tab.get_by_role("checkbox").first.check()
    tab.get_by_role("button", name="Look over and cast").click()
    tab.get_by_role("button", name="Cast ballot").click()
    expect(tab.get_by_role("heading", name="Your ballot is cast")).to_be_visible()
    tab.close()


@pytest.mark.usefixtures("prepared")
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_each_of_95_is_met_once_with_the_back_button_and_after_a_vote_on_the_way(
    new_person: NewPerson,
    script: bool,  # noqa: FBT001
) -> None:
    call = make_call(open_stage=StageKind.VOTING)
    make_many_proposals(call, 95)
    open_all(call)
    voter = make_account("Vera Voter", email=f"back-{call.public_id}@example.org")
    page = new_person(email=voter.email, java_script_enabled=script)
    page.goto(f"/calls/{call.public_id}/proposals?utm_source=letter&utm_medium=mail")
    pages = [shown(page)]
    assert onwards(page)
    pages.append(shown(page))
    page.locator(ROWS).first.click()
    expect(page).to_have_url(re.compile(pages[1][0]))
    page.go_back()
    assert shown(page) == pages[1]
    vote_in_another_tab(page, f"/calls/{call.public_id}/vote")
    page.reload()
    assert shown(page) == pages[1]
    page.go_back()
    assert shown(page) == pages[0]
    page.go_forward()
    assert shown(page) == pages[1]
    while onwards(page):
        pages.append(shown(page))
    met = [key for rows in pages for key in rows]
    assert len(met) == len(set(met)) == 95
