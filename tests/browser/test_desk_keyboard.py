"""The manager's desk by keyboard alone, from the filter to the letter."""

from pathlib import Path

from playwright.sync_api import Page, expect

from crowd.calls.models import Call
from crowd.core.status import OrganizationRole, ProposalStatus
from crowd.store.db import transaction
from crowd.store.search import index_text
from tests.browser.conftest import NewPerson
from tests.browser.keyboard import Scene, address, press, scripts_started, tab_to, write
from tests.make import make_account, make_call, make_member, make_organization, make_proposal

TITLES = ("A pond for frogs", "A pond for newts", "A wall")


def prepare() -> tuple[Scene, Call]:
    organization = make_organization()
    manager = make_member(organization, OrganizationRole.MANAGER)
    call = make_call(organization)
    rows = [make_proposal(call, make_account(), title=title, status=ProposalStatus.SUBMITTED) for title in TITLES]
    rows.append(make_proposal(call, make_account(), title="A pond already there", status=ProposalStatus.INELIGIBLE))
    with transaction() as session:
        for row in rows:
            index_text(session, "proposal", row.id, row.title, "", within=call.id)
    return Scene(address(call), manager.email), call


def part(name: str) -> str:
    """The heading of a part that is folded away."""
    return f"details:has(form[action*='/desk/{name}']) > summary"


def titles(page: Page) -> list[str]:
    return page.locator("main tbody th a").all_inner_texts()


def test_the_desk_is_worked_at_by_keyboard_alone(prepared: None, new_person: NewPerson) -> None:
    scene, _call = prepare()
    page = new_person(email=scene.email)
    page.goto(f"{scene.call}/desk/proposals")
    scripts_started(page)
    _narrow(page)
    _choose_columns(page)
    _label_and_undo(page)
    _note(page)
    page.goto(f"{scene.call}/desk/proposals?status=submitted&q=pond")
    _export(page)
    _preview_a_letter(page)


def _narrow(page: Page) -> None:
    assert len(titles(page)) == 4
    write(page, "main [name=q]", "pond")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=pond*")
    assert sorted(titles(page)) == ["A pond already there", *TITLES[:2]]
    press(page, "main a[href*='status=submitted']")
    page.wait_for_url("**status=submitted*")
    assert sorted(titles(page)) == [*TITLES[:2]]


def _choose_columns(page: Page) -> None:
    heading = page.get_by_role("columnheader", name="Language")
    assert heading.count() == 0
    press(page, part("columns"))
    press(page, "[name=column][value=language]", "Space")
    press(page, "form[action$='/columns'] [type=submit]")
    expect(heading).to_be_visible()
    assert sorted(titles(page)) == [*TITLES[:2]]


def _label_and_undo(page: Page) -> None:
    press(page, part("labels"))
    write(page, "form[action*='/desk/labels'] [name$=name]", "Look again")
    page.keyboard.press("Enter")
    expect(page.locator("#with-label option")).to_have_count(2)
    for _ in range(2):
        press(page, "[name=pick]:not(:checked)", "Space")
    expect(page.locator("[data-picked]")).to_have_text("2 chosen")
    write(page, "#with-label", "Look")
    press(page, "[name=act][value=label]")
    tags = page.locator("main tbody .desk-tag")
    expect(tags).to_have_text(["Look again", "Look again"])
    press(page, "form[action*='/desk/undo/'] [type=submit]")
    expect(tags).to_have_count(0)
    assert sorted(titles(page)) == [*TITLES[:2]]


def _note(page: Page) -> None:
    press(page, "main tbody a[href$='/notes']")
    page.wait_for_url("**/notes")
    write(page, "main [name=text]", "Ask for the depth.")
    press(page, "main form[action$='/notes'] [type=submit]")
    expect(page.locator("main article")).to_contain_text("Ask for the depth.")
    press(page, "form[action$='/notes/labels'] [type=submit]")
    expect(page.get_by_role("button", name="Take “Look again” off")).to_be_visible()


def _export(page: Page) -> None:
    press(page, "details:has(a[download]) > summary")
    tab_to(page, "a[download][href*='proposals.csv']")
    with page.expect_download() as started:
        page.keyboard.press("Enter")
    text = Path(started.value.path()).read_text(encoding="utf-8-sig")
    assert [title in text for title in (*TITLES, "A pond already there")] == [True, True, False, False]


def _preview_a_letter(page: Page) -> None:
    press(page, "main a[href*='/messages/new']")
    page.wait_for_url("**/messages/new*")
    expect(page.locator("main")).to_contain_text("2 people get it.")
    write(page, "main [name=subject]", "How deep?")
    write(page, "main [name=body]", "Dear {name}, how deep is it?")
    press(page, "[name=act][value=preview]")
    expect(page.locator(".letter")).to_contain_text("How deep?")
    expect(page.get_by_role("button", name="Send it")).to_be_visible()
