"""The journey's forms by keyboard alone: signing in, proposing, reviewing, deciding. (Voting: test_ballot.)"""

from playwright.sync_api import expect

from crowd.core.status import OrganizationRole, StageKind
from tests.browser.conftest import NewPerson
from tests.browser.keyboard import Scene, address, scripts_started, sign_in, tab_to, with_password
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
    scene = Scene(address(call), account.email, f"/reviews/{first.public_id}")
    page = new_person(email=scene.email)
    page.goto(scene.first)
    scripts_started(page)
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
    scene = Scene(address(call), manager.email, f"/proposals/{proposal.public_id}/verdict")
    page = new_person(email=scene.email)
    page.goto(scene.first)
    scripts_started(page)
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
