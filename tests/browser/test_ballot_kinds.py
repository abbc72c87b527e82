"""Every ballot form filled in by keyboard alone and cast; and what the forms do beyond what works without script."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from crowd.core.rules import VotingMethod
from crowd.core.status import StageKind
from tests.browser.conftest import NewPerson
from tests.browser.keyboard import scripts_started, tab_to
from tests.browser.looking import assert_narrow
from tests.make import VOTE, make_account, make_call, make_proposal, make_rules
from tests.serving import LiveServer

COSTS = (60, 50, 40, 0)


@dataclass(frozen=True)
class Ballot:
    page: Page
    path: str

    @property
    def tray(self) -> Any:
        return self.page.locator("[data-tray]")

    def reload(self) -> None:
        self.page.goto(self.path)
        scripts_started(self.page)


OpenBallot = Callable[..., Ballot]


@pytest.fixture
def open_ballot(live_server: LiveServer, new_person: NewPerson) -> OpenBallot:
    """`open_ballot(method=…)`: somebody signed in at the ballot of an open vote over four proposals."""
    if live_server.environ is None:
        pytest.skip("needs a server of our own, to put a call into it")
    app = live_server.app

    def come(*, viewport: dict[str, int] | None = None, touch: bool = False, **changes: Any) -> Ballot:
        with app.app_context():
            rules = make_rules(StageKind.VOTING, asks_cost=True)
            vote = replace(VOTE, max_choices=None, **changes)
            call = make_call(rules=replace(rules, rounds=(vote, *rules.rounds[1:])))
            for number, cost in enumerate(COSTS):
                make_proposal(call, title=f"Proposal {number}", cost=cost)
            account = make_account("Vera Voter", email=f"kinds-{call.public_id}@example.org")
            path, email = f"/calls/{call.public_id}/vote", account.email
        shape = {"viewport": viewport} if viewport else {}
        page = new_person(email=email, has_touch=touch, is_mobile=touch, **shape)
        page.goto(path)
        scripts_started(page)
        return Ballot(page, path)

    return come


def reach(page: Page, title: str, control: str) -> None:
    """By Tab from the top of the page to a control of this candidate."""
    key = page.locator(".ballot-item", has_text=title).get_attribute("data-candidate")
    page.locator("#main").focus()
    tab_to(page, f'[data-candidate="{key}"] {control}')


def support(page: Page) -> None:
    reach(page, "Proposal 2", "input")
    page.keyboard.press("Space")


def give_points(page: Page) -> None:
    reach(page, "Proposal 1", "[type=radio]")
    page.keyboard.press("Space")
    for _ in range(4):
        page.keyboard.press("ArrowRight")


def grade(page: Page) -> None:
    reach(page, "Proposal 1", "[type=radio]")
    page.keyboard.press("ArrowRight")


def rank(page: Page) -> None:
    """Two by their buttons, the second then moved up; a third by its number."""
    for title in ("Proposal 0", "Proposal 3"):
        reach(page, title, "[data-step=add]")
        page.keyboard.press("Enter")
    reach(page, "Proposal 3", "[data-step=up]")
    page.keyboard.press("Enter")
    expect(page.locator("[data-said]")).to_have_text("Proposal 3: place 1 of 2.")
    reach(page, "Proposal 1", ".place")
    page.keyboard.type("3")
    page.keyboard.press("Enter")


def spend(page: Page) -> None:
    reach(page, "Proposal 2", "input")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    reach(page, "Proposal 1", "[data-step=more]")
    page.keyboard.press("Enter")
    reach(page, "Proposal 0", "input")
    page.keyboard.type("3")


def compare(page: Page) -> None:
    for answered in (1, 2):
        tab_to(page, ".duelist .act")
        page.keyboard.press("Enter")
        expect(page.locator(".answers li")).to_have_count(answered)
        expect(page.locator("#versus")).to_be_focused()
    tab_to(page, "#why")
    page.keyboard.press("ArrowDown")
    tab_to(page, ".undecided .act")
    page.keyboard.press("Enter")
    expect(page.locator(".answers li")).to_have_count(3)


RANKED = ["Proposal 3 place 1", "Proposal 0 place 2", "Proposal 1 place 3"]
KINDS = [
    (VotingMethod.APPROVAL, {}, support, "You support 1 proposal.", ["Proposal 2"]),
    (VotingMethod.SCORE, {}, give_points, "You give points to 1 proposal.", ["Proposal 1 4 points"]),
    (VotingMethod.STAR, {}, give_points, "You give points to 1 proposal.", ["Proposal 1 4 points"]),
    (VotingMethod.IRV, {}, rank, "You rank 3 proposals.", RANKED),
    (VotingMethod.STV, {"seats": 2}, rank, "You rank 3 proposals.", RANKED),
    (VotingMethod.SCHULZE, {}, rank, "You rank 3 proposals.", RANKED),
    (VotingMethod.MAJORITY_JUDGMENT, {}, grade, "You grade 1 proposal.", ["Proposal 1 excellent"]),
    (
        VotingMethod.CUMULATIVE,
        {"points": 10},
        spend,
        "You have given 6 of 10 dots; 4 are left.",
        ["Proposal 0 3 dots", "Proposal 2 2 dots", "Proposal 1 1 dot"],
    ),
    (
        VotingMethod.QUADRATIC,
        {"points": 20},
        spend,
        "You have spent 14 of 20 credits; 6 are left.",
        ["Proposal 0 3 votes for 9 credits", "Proposal 2 2 votes for 4 credits", "Proposal 1 1 vote for 1 credit"],
    ),
    (
        VotingMethod.PB_GREEDY,
        {"budget": 100},
        support,
        "Your basket costs 40 EUR of 100 EUR; 60 EUR are left.",
        ["Proposal 2 40 EUR"],
    ),
    (
        VotingMethod.EQUAL_SHARES,
        {"budget": 100},
        support,
        "Your basket costs 40 EUR of 100 EUR; 60 EUR are left.",
        ["Proposal 2 40 EUR"],
    ),
    (VotingMethod.BRADLEY_TERRY, {}, compare, "You compared 2 pairs.", None),
]


SAME_FORMS = {VotingMethod.STAR, VotingMethod.IRV, VotingMethod.STV, VotingMethod.EQUAL_SHARES}
"""Filled in as those of score, schulze and pb-greedy are: again in the soak."""


@pytest.mark.parametrize(
    ("method", "changes", "fill_in", "state", "told"),
    [pytest.param(*case, id=str(case[0]), marks=[pytest.mark.soak] if case[0] in SAME_FORMS else []) for case in KINDS],
)
def test_every_ballot_is_filled_in_and_cast_by_keyboard_alone(
    open_ballot: OpenBallot,
    assert_accessible: Callable[[Page], None],
    method: VotingMethod,
    changes: dict[str, Any],
    fill_in: Callable[[Page], None],
    state: str,
    told: list[str] | None,
) -> None:
    ballot = open_ballot(method=method, **changes)
    page = ballot.page
    assert_accessible(page)
    fill_in(page)
    expect(ballot.tray).to_have_text(f"{state} Not cast yet.")
    assert_accessible(page)
    assert_narrow(page)
    ballot.reload()
    expect(ballot.tray).to_have_text(f"{state} Not cast yet.")
    tab_to(page, ".tray [type=submit]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Look over your ballot")).to_be_visible()
    assert_accessible(page)
    tab_to(page, "main form [type=submit]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your ballot is cast")).to_be_visible()
    if told is not None:
        expect(page.locator(".chosen li")).to_have_text(told, use_inner_text=True)
    ballot.reload()
    expect(ballot.tray).to_have_text(f"{state} Your ballot is cast.")


def test_a_ranking_is_dragged_into_order(open_ballot: OpenBallot) -> None:
    ballot = open_ballot(method=VotingMethod.SCHULZE, viewport={"width": 1280, "height": 1400})
    page = ballot.page
    for title in ("Proposal 0", "Proposal 1", "Proposal 2"):
        page.get_by_role("button", name=re.compile(f"Rank it ?: {title}")).click()
    titles = page.locator("[data-ranked] [data-title]")
    expect(titles).to_have_text(["Proposal 0", "Proposal 1", "Proposal 2"])
    drag(page, "Proposal 2", "Proposal 0")
    expect(titles).to_have_text(["Proposal 2", "Proposal 0", "Proposal 1"])
    page.get_by_role("button", name=re.compile("Same place .*: Proposal 1")).click()
    expect(page.locator("[data-ranked] .place").last).to_have_value("2")
    page.get_by_role("button", name=re.compile("Take off ?: Proposal 2")).click()
    ballot.reload()
    expect(titles).to_have_count(2)
    assert sorted(titles.all_inner_texts()) == ["Proposal 0", "Proposal 1"], (
        "of those who share a place, in the reader's own order"
    )
    assert [field.input_value() for field in page.locator("[data-ranked] .place").all()] == ["1", "1"]


def test_a_ranking_is_dragged_into_order_by_a_finger(open_ballot: OpenBallot) -> None:
    ballot = open_ballot(method=VotingMethod.SCHULZE, viewport={"width": 390, "height": 2400}, touch=True)
    page = ballot.page
    for title in ("Proposal 0", "Proposal 1", "Proposal 2"):
        page.get_by_role("button", name=re.compile(f"Rank it ?: {title}")).tap()
    titles = page.locator("[data-ranked] [data-title]")
    expect(titles).to_have_text(["Proposal 0", "Proposal 1", "Proposal 2"])
    before = page.evaluate("scrollY")
    touch(page, "Proposal 2", "Proposal 0")
    expect(titles).to_have_text(["Proposal 2", "Proposal 0", "Proposal 1"])
    assert page.evaluate("scrollY") == before, "the page stays where it is while a row is dragged"
    assert [field.input_value() for field in page.locator("[data-ranked] .place").all()] == ["1", "2", "3"]


def touch(page: Page, title: str, onto: str) -> None:
    """By its grip to just above the middle of another row, as the screen tells the browser of a finger."""
    row, target = (page.locator("[data-ranked] > li", has_text=each) for each in (title, onto))
    row.scroll_into_view_if_needed()
    grip, box = row.locator("[data-grip]").bounding_box(), target.bounding_box()
    assert grip is not None
    assert box is not None
    screen = page.context.new_cdp_session(page)
    x, begin, end = grip["x"] + 8, grip["y"] + 8, box["y"] + 4
    screen.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": begin}]})
    for step in range(1, 11):
        at = {"x": x, "y": begin + (end - begin) * step / 10}
        screen.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at]})
    screen.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def drag(page: Page, title: str, onto: str) -> None:
    """By its grip to just above the middle of another row."""
    row, target = (page.locator("[data-ranked] > li", has_text=each) for each in (title, onto))
    row.scroll_into_view_if_needed()
    grip, box = row.locator("[data-grip]").bounding_box(), target.bounding_box()
    assert grip is not None
    assert box is not None
    page.mouse.move(grip["x"] + 8, grip["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 30, steps=4)
    page.mouse.move(box["x"] + 40, box["y"] + 4, steps=4)
    page.mouse.up()


def test_the_rows_and_the_bar_follow_what_is_spent(open_ballot: OpenBallot) -> None:
    page = (ballot := open_ballot(method=VotingMethod.PB_GREEDY, budget=100)).page
    page.get_by_role("checkbox", name="Proposal 0").check()
    notes = page.locator(".ballot-note:not(:empty)")
    expect(notes).to_have_text(["Does not fit any more: 40 EUR are left, 10 EUR too little."])
    expect(page.locator(".tray .bar .value")).to_have_attribute("width", "120")
    page.get_by_role("checkbox", name="Proposal 1").check()
    expect(ballot.tray).to_have_text("Your basket costs 110 EUR, 10 EUR more than there is. Take something out.")
    expect(page.locator(".tray[data-over]")).to_have_count(1)


def test_an_answer_is_taken_back_and_the_rest_is_there_after_a_reload(open_ballot: OpenBallot) -> None:
    ballot = open_ballot(method=VotingMethod.BRADLEY_TERRY)
    page = ballot.page
    page.locator(".duelist .act").first.click()
    expect(page.locator(".answers li")).to_have_count(1)
    page.get_by_role("button", name="Take back").click()
    expect(page.locator(".answers li")).to_have_count(0)
    page.locator(".duelist .act").last.click()
    expect(page.locator(".answers li")).to_have_count(1)
    ballot.reload()
    expect(page.locator(".answers li")).to_have_count(1)


def test_a_ballot_left_on_a_shared_machine_goes_when_its_voter_signs_out(open_ballot: OpenBallot) -> None:
    ballot = open_ballot(method=VotingMethod.CUMULATIVE, points=10)
    page = ballot.page
    page.locator(".stepper input").first.fill("7")
    page.keyboard.press("Tab")
    held = "Object.keys(localStorage).filter((name) => name.includes('ballot')).length"
    assert page.evaluate(held) == 1
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    assert page.evaluate(held) == 0
