"""The steps of the main journey as a person takes them: by pages, labels and buttons, links taken from the mail."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Protocol

from playwright.sync_api import Locator, Page, expect

PASSWORD = "a long enough password"


class Post(Protocol):
    def newest(self, address: str, words: str) -> str:
        """The text of the newest mail to `address` with `words` in its subject."""


def _pass(page: Page) -> None:
    """Do not stop to look."""


@dataclass
class Person:
    """Somebody with a browser of their own. `page` is where they are, `look` is done at every page they come to."""

    name: str
    email: str
    page: Page
    look: Callable[[Page], None] = _pass

    def go(self, path: str) -> None:
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{self.name} at {path}: {answer.status}"
        self.look(self.page)

    def press(self, name: str, *, exact: bool = True) -> None:
        """Press the button or follow the link in the main part of the page that bears this name."""
        main = self.page.locator("main")
        target = main.get_by_role("button", name=name, exact=exact).or_(
            main.get_by_role("link", name=name, exact=exact)
        )
        target.first.click()
        self.page.wait_for_load_state()
        self.look(self.page)

    def fill(self, label: str, value: str) -> None:
        self._field(label).fill(value)

    def check(self, label: str) -> None:
        self._field(label).check()

    def _field(self, label: str) -> Locator:
        """The first field under this label; regions of the page may bear the same name."""
        fields = self.page.locator("input, textarea")
        return self.page.locator("main").get_by_label(label, exact=False).and_(fields).first

    def sees(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text)

    def link_from(self, post: Post, words: str) -> str:
        """The first address of this site in the newest mail with these words in its subject."""
        text = post.newest(self.email, words)
        found = re.search(r"https?://\S+", text)
        assert found is not None, text
        return found[0]


def sign_up(person: Person, post: Post) -> None:
    person.go("/sign-up")
    person.fill("Your name", person.name)
    person.fill("E-mail", person.email)
    person.fill("Password", PASSWORD)
    person.check("I accept the terms")
    person.press("Create account")
    person.go(person.link_from(post, "Confirm your address"))
    person.press("Confirm and sign in")
    expect(person.page.get_by_role("button", name="Sign out")).to_be_visible()


def sign_in(person: Person, password: str = PASSWORD) -> None:
    person.go("/sign-in")
    person.fill("E-mail", person.email)
    person.fill("Password", password)
    person.press("Sign in")
    expect(person.page.get_by_role("button", name="Sign out")).to_be_visible()


def clock(offset: timedelta) -> str:
    """A wall clock value in UTC, to the minute."""
    return (datetime.now(UTC) + offset).strftime("%Y-%m-%dT%H:%M")


@dataclass
class Stage:
    """One row of the schedule editor."""

    opens: timedelta
    closes: timedelta | None


HOURS = [timedelta(hours=hour) for hour in range(7)]
SCHEDULE = [
    Stage(timedelta(minutes=-2), HOURS[1]),
    *(Stage(opens, closes) for opens, closes in pairwise(HOURS[1:6])),
    Stage(HOURS[5], None),
]


def found_organization(owner: Person, admin: Person, post: Post, name: str) -> str:
    """Ask for an organization and have it approved. Returns the path of its page."""
    owner.go("/organizations/new")
    owner.fill("Name", name)
    owner.fill("In one sentence", "Books, a garden and long evenings.")
    owner.press("Send the request")
    admin.go("/admin/organizations")
    waiting = admin.page.locator("main article").filter(has_text=name)
    waiting.get_by_role("button", name="Approve", exact=True).click()
    admin.page.wait_for_load_state()
    path = owner.link_from(post, f"{name} is approved")
    owner.go(path)
    owner.sees(name)
    return path


def write_call(manager: Person, title: str) -> str:
    """Write a call with a vote and a jury of the best one, complete every section, publish. Returns its path."""
    manager.go("/calls/new")
    manager.fill("Title", title)
    manager.check("A public vote and a jury together")
    manager.page.get_by_label("Time zone").select_option("UTC")
    manager.press("Begin the draft")
    draft = manager.page.url.split("/edit")[0]
    _write_basics(manager)
    _write_taking_part(manager)
    _write_schedule(manager)
    _write_rounds(manager, draft)
    _write_outcome(manager, draft)
    manager.go(f"{draft}/publish")
    manager.press("Publish the call")
    manager.sees("These rules are frozen")
    return draft


def _write_basics(manager: Person) -> None:
    manager.fill("Lead", "What should grow behind the library?")
    manager.fill("What is asked and why", "The yard is **empty**. Tell us what to plant and why.")
    manager.fill("Tags", "garden, library")
    manager.press("Save and go on")


def _write_taking_part(manager: Person) -> None:
    manager.fill("Who may take part, in words", "Anybody.")
    manager.fill("What is handed in", "One page of text.")
    manager.fill("What people declare when handing in", "This is my own work.\nI accept the licence.")
    manager.fill("Licence of proposals", "CC BY 4.0")
    manager.press("Save and go on")


def _write_schedule(manager: Person) -> None:
    for number, stage in enumerate(SCHEDULE):
        manager.page.locator(f'[name="stages-{number}-opens_at"]').fill(clock(stage.opens))
        closes = clock(stage.closes) if stage.closes is not None else ""
        manager.page.locator(f'[name="stages-{number}-closes_at"]').fill(closes)
    manager.press("Save and go on")
    manager.press("Save and go on")  # the proposal form asks nothing beyond its text


def _write_rounds(manager: Person, draft: str) -> None:
    manager.fill("Who decides, in words", "The public chooses who goes on, a jury of neighbours decides.")
    manager.page.locator('[name="places"]').fill("1")
    manager.press("Save")
    manager.page.locator('button[name=act][value="round:jury"]').click()
    manager.check("The best of an earlier round")
    manager.page.locator('[name="source"]').select_option(label="Public vote")
    manager.page.locator('[name="best"]').fill("1")
    manager.page.locator('[name="min_reviews"]').fill("1")
    manager.press("Add a criterion")
    manager.page.locator('[name="criteria-0-title"]').fill("Benefit")
    manager.page.locator('[name="criteria-0-weight"]').fill("1")
    manager.page.locator('[name="criteria-0-levels"]').fill("None\nSome\nMuch")
    manager.press("Save")
    manager.go(f"{draft}/edit/outcome")


def _write_outcome(manager: Person, draft: str) -> None:
    manager.fill("Prize", "2,000 EUR and the garden itself")
    manager.fill("Credit", "Your name on the sign at the gate")
    manager.fill("Contact", "garden@library.example")
    manager.fill("We answer within", "10")
    manager.press("Save")
    assert manager.page.url.startswith(draft)


def begin_proposal(person: Person, call: str, title: str) -> str:
    """Write a draft. Returns the path of the proposal."""
    person.go(f"{call}/propose")
    person.fill("Title", title)
    person.fill("In short", f"{title}: shade, and a place to read.")
    person.page.locator('[name="body"]').fill("It needs little water.\n\nIt grows in any soil.")
    person.press("Save draft")
    return person.page.url.split("/edit")[0]


def invite_to_team(lead: Person, proposal: str, co_author: Person) -> None:
    lead.go(f"{proposal}/team")
    lead.fill("Name", co_author.name)
    lead.fill("E-mail", co_author.email)
    lead.press("Send invitation")
    lead.sees(co_author.name)


def join_team(co_author: Person, post: Post) -> None:
    co_author.go(co_author.link_from(post, "invites you to the team"))
    co_author.press("Accept")


def hand_in(person: Person, proposal: str) -> None:
    person.go(f"{proposal}/submit")
    for box in person.page.locator("main input[type=checkbox]").all():
        box.check()
    person.press("Hand in proposal")
    person.sees("SHA-256")


def close_stage(manager: Person, call: str) -> None:
    """Close the open stage early; the next one opens at once."""
    manager.go(f"{call}/schedule")
    manager.page.get_by_text("Close the open stage now").first.click()
    form = manager.page.locator("form").filter(has=manager.page.locator('[name="close_early-reason"]'))
    form.locator('[name="close_early-following"][value="now"]').check()
    form.locator('[name="close_early-reason"]').fill("Everybody is done.")
    form.locator("button[type=submit]").click()
    manager.page.wait_for_load_state()


def screen_all(moderator: Person, call: str, count: int) -> None:
    moderator.go(f"{call}/screening")
    for _ in range(count):
        moderator.press("Eligible", exact=False)


def vote(voter: Person, call: str, title: str) -> None:
    voter.go(f"{call}/vote")
    voter.check(title)
    voter.press("Look over and cast")
    voter.sees(title)
    voter.press("Cast ballot")
    voter.sees("ballot")


def confirm_list(manager: Person, call: str, entered: str) -> None:
    """Advance the best of the vote to the jury."""
    manager.go(f"{call}/rounds/jury/field")
    manager.sees(entered)
    manager.page.locator('[name="reason"]').fill("It had fewer supports than the proposal that goes on.")
    manager.press("Confirm this list")
    manager.sees("The list is confirmed")


def invite_juror(manager: Person, call: str, juror: Person) -> None:
    manager.go(f"{call}/reviews/invite")
    manager.fill("Name", juror.name)
    manager.fill("E-mail", juror.email)
    manager.press("Send the invitation")


def join_jury(juror: Person, post: Post) -> None:
    """One mailed link, no password."""
    juror.go(juror.link_from(post, "jury"))
    juror.check("I accept these terms")
    juror.press("Accept and begin")
    juror.press("Declare and go on")


def assign(manager: Person, call: str, juror: Person) -> None:
    manager.go(f"{call}/reviews")
    manager.press(juror.name)
    for box in manager.page.locator("main input[type=checkbox]:not([disabled])").all():
        box.check()
    manager.press("Assign the ticked ones")


def review(juror: Person, call: str) -> None:
    juror.go(f"{call}/reviews")
    juror.press("Review the next one")
    juror.page.locator('[name="score_0"][value="2"]').check()
    juror.page.locator('[name="authors"]').fill("A fine idea for this place.")
    juror.press("Hand in and next")


def decide(manager: Person, call: str, title: str) -> None:
    manager.go(f"{call}/decisions")
    manager.press(title)
    manager.page.locator('[name="outcome"][value="selected"]').check()
    manager.page.locator('[name="reason"]').fill("Most supports, and the jury gave it the highest level.")
    manager.press("Save and go on", exact=False)


def publish_results(manager: Person, call: str) -> None:
    manager.go(f"{call}/decisions/publish")
    manager.sees("1 selected")
    manager.press("Publish results")
    manager.go(f"{call}/results")
    manager.sees("Most supports, and the jury gave it the highest level.")


def verify_certificate(winner: Person, post: Post) -> None:
    """From the mail to the profile, from there to the certificate, as a stranger would check it."""
    winner.go(winner.link_from(post, "credited"))
    winner.press("Certificate")
    winner.sees("This certificate holds")
    winner.sees(winner.name)
