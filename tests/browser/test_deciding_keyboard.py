"""From a review to a published result and the answer to an objection: by keyboard alone, with and without JavaScript."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from crowd.calls.models import Call
from crowd.core.rules import Component, SelectionRules
from crowd.core.status import StageKind
from crowd.proposals.models import Proposal
from crowd.store.db import transaction, utc_now
from tests.browser.conftest import NewPerson
from tests.browser.keyboard import Scene, enter, press, with_password, write
from tests.make import (
    JURY,
    make_account,
    make_assignment,
    make_call,
    make_juror,
    make_member,
    make_organization,
    make_proposal,
    make_rules,
    move_stages,
    open_all,
    schedule,
)

KINDS = (StageKind.SUBMISSION, StageKind.REVIEW, StageKind.SELECTION, StageKind.OBJECTION, StageKind.RESULTS)
TITLES = ("A pond", "A wall", "A well")


@dataclass(frozen=True)
class House:
    call: Call
    proposals: list[Proposal]
    work: list[str]  # addresses of the juror's reviews
    emails: dict[str, str]


def prepare() -> House:
    """A round of review with three proposals; the last was reviewed by somebody else already."""
    organization = make_organization()
    people = {
        "manager": make_member(organization),
        "other": make_member(organization),
        "juror": make_account("Juri Juror"),
    }
    rules = make_rules(
        stages=schedule(StageKind.REVIEW, kinds=KINDS),
        rounds=(JURY,),
        selection=SelectionRules(components=(Component("jury", 100),), places=1),
    )
    call = make_call(organization, rules)
    authors = [make_account(f"Author of {title}") for title in TITLES]
    people["author"] = authors[1]
    proposals = [make_proposal(call, author, title=title) for author, title in zip(authors, TITLES, strict=True)]
    row = open_all(call, "jury")
    juror, second = make_juror(row, people["juror"]), make_juror(row)
    work = [f"/reviews/{make_assignment(juror, proposal).public_id}" for proposal in proposals]
    make_assignment(second, proposals[2], scores={"benefit": 1, "feasible": 1})
    with_password(people["juror"])
    return House(call, proposals, work, {key: account.email for key, account in people.items()})


def ten_days_pass(house: House, *, published: bool = False) -> None:
    move_stages(house.call, timedelta(days=10))
    if published:
        with transaction() as session:
            session.get_one(Call, house.call.id).results_published_at = utc_now() - timedelta(days=6)


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_reviewing_deciding_and_answering_an_objection_need_no_mouse(
    prepared: None, new_person: NewPerson, *, javascript: bool
) -> None:
    house = prepare()

    def person(key: str, path: str) -> Page:
        page = new_person(email=house.emails[key], java_script_enabled=javascript)
        page.goto(path)
        return page

    juror = new_person(java_script_enabled=javascript)
    enter(juror, Scene(house.work[0], house.emails["juror"]), house.work[0])
    _review(juror, house, javascript=javascript)
    ten_days_pass(house)
    _decide(person("manager", f"/calls/{house.call.public_id}/decisions"), house)
    ten_days_pass(house, published=True)
    _object(person("author", f"/calls/{house.call.public_id}/objections"))
    _answer(person("other", f"/calls/{house.call.public_id}/objections"))


def _review(page: Page, house: House, *, javascript: bool) -> None:
    """Two are scored, by digits where there are scripts; from the third the juror steps back."""
    for place, level in enumerate((5, 2)):
        page.wait_for_url(f"**{house.work[place]}")
        if javascript:
            expect(page.locator("html")).to_have_attribute("data-scripts", "started")
            for key in (str(level), "j", "0", "k", "j", str(level), "Control+Enter"):
                page.keyboard.press(key)
        else:
            for criterion in (0, 1):
                _choose(page, f"score_{criterion}", str(level))
            press(page, "#hand-in")
    page.wait_for_url(f"**{house.work[2]}")
    press(page, "main a[href$='/recuse']")
    page.wait_for_url("**/recuse")
    write(page, "main [name=reason]", "The author taught me to swim.")
    press(page, "main form [type=submit]")
    page.wait_for_url(lambda url: "/recuse" not in url)
    page.goto(f"/calls/{house.call.public_id}/reviews?view=mine")
    expect(page.locator("main li.row")).to_have_count(2)
    expect(page.locator("main")).not_to_contain_text("A well")


def _choose(page: Page, name: str, value: str) -> None:
    """Choose in a group of radios by its arrows: Tab comes to the first, or to the one that is chosen."""
    press(page, f"[name={name}]", "Space")
    for _ in range(6):
        if page.evaluate("document.activeElement.value") == value:
            break
        page.keyboard.press("ArrowDown")
    assert page.evaluate("[document.activeElement.value, document.activeElement.checked]") == [value, True]


def _decide(page: Page, house: House) -> None:
    """Two in the table, the third among all reasons; a letter is edited; then all goes out in one act."""
    key = {title: proposal.public_id for title, proposal in zip(TITLES, house.proposals, strict=True)}
    for title in ("A wall", "A well"):
        press(page, f"[name=pick][value='{key[title]}']", "Space")
    _choose(page, "outcome", "not_selected")
    write(page, "#decide [name=reason]", "Walls and wells come next year.")
    press(page, "#decide [type=submit]:not([formaction])")
    expect(page.locator("main .lead")).to_have_text("0 selected, 0 reserve, 2 not selected, 1 without a verdict")
    press(page, "main a[href$='/decisions/reasons']")
    page.wait_for_url("**/decisions/reasons")
    _choose(page, f"'{key['A pond']}-outcome'", "selected")
    write(page, f"[name='{key['A pond']}-reason']", "Frogs first.")
    press(page, "main form [type=submit]")
    expect(page.locator("main .lead")).to_have_text("1 selected, 0 reserve, 2 not selected, 0 without a verdict")
    page.goto(f"/calls/{house.call.public_id}/decisions")
    press(page, "main a[href$='/decisions/publish']")
    page.wait_for_url("**/decisions/publish")
    press(page, "main a[href*='/letters/']")
    page.wait_for_url("**/letters/*")
    write(page, "main [name=text]", "Bring your boots.")
    press(page, "main form [type=submit]")
    page.wait_for_url("**/decisions/publish*")
    press(page, "main form [type=submit]")
    page.wait_for_url("**/results")
    expect(page.locator("main")).to_contain_text("Frogs first.")
    expect(page.locator("main")).to_contain_text("Walls and wells come next year.")


def _object(page: Page) -> None:
    press(page, "main a[href$='/objections/new']")
    page.wait_for_url("**/objections/new")
    _choose(page, "kind", "rules")
    write(page, "main [name=text]", "The rules ask for two reviews.")
    press(page, "main form [type=submit]")
    expect(page.locator("main")).to_contain_text("waits for an answer")


def _answer(page: Page) -> None:
    press(page, "main ol.rows a")
    page.wait_for_url("**/objections/*")
    _choose(page, "finding", "rejected")
    write(page, "main [name=text]", "They ask for one, and there is one.")
    press(page, "main form [type=submit]")
    expect(page.locator("main .status")).to_contain_text("not upheld")
    expect(page.locator("main")).to_contain_text("They ask for one, and there is one.")
