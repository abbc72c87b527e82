"""The main job, end to end, by pages alone: from the first sign-up to a certificate that verifies.

An empty installation, one browser context per person, links taken from the mail, no row written, no clock moved. TEST_BASE_URL
points it at another installation; there TEST_ADMIN and TEST_ADMIN_PASSWORD name a site admin, and links come from the outbox.
"""

import os
import re
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Page

from tests.browser import journey
from tests.browser.conftest import NewPerson
from tests.browser.journey import Person, Post
from tests.browser.looking import Inspector
from tests.services import Mailbox
from tests.serving import LiveServer

PATIENCE = 30


@dataclass
class SmtpPost:
    """Mails as they arrive at a real mail server."""

    mailbox: Mailbox

    def newest(self, address: str, words: str) -> str:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            fitting = [mail for mail in self.mailbox.to(address) if words.casefold() in mail["Subject"].casefold()]
            if fitting:
                body = fitting[-1].get_body(preferencelist=("plain",))
                assert body is not None
                return str(body.get_content())
            time.sleep(0.2)
        raise AssertionError((address, words))


@dataclass
class OutboxPost:
    """Mails as a site admin reads them in the product."""

    page: Page

    def newest(self, address: str, words: str) -> str:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self.page.goto(f"/outbox?q={address}")
            link = self.page.locator("main").get_by_role("link", name=re.compile(re.escape(words), re.IGNORECASE)).first
            if link.count():
                link.click()
                return self.page.locator("main").inner_text()
            time.sleep(0.5)
        raise AssertionError((address, words))


def admin_of(server: LiveServer, person: Person) -> None:
    """Sign in as the site admin: named from outside, or made on the command line as README says."""
    if server.mailbox is None:
        journey.sign_in(person, os.environ["TEST_ADMIN_PASSWORD"])
        return
    server.flask("users", "create-admin", person.email)
    person.go(person.link_from(SmtpPost(server.mailbox), "sign in"))
    person.press("Sign in")
    person.check("I accept the terms")
    person.press("Accept and go on")
    person.sees("Administration")


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.timeout(600)
def test_an_open_call_goes_from_draft_to_a_credited_winner(
    new_person: NewPerson,
    live_server: LiveServer,
    assert_accessible: Callable[[Page], None],
    javascript: bool,  # noqa: FBT001 (the two ways in which it is walked)
) -> None:
    mark = uuid.uuid4().hex[:8]
    inspector = Inspector(assert_accessible)

    def person(name: str, email: str | None = None) -> Person:
        address = email or f"{name.split(maxsplit=1)[0].lower()}-{mark}@example.org"
        person = Person(name, address, new_person(java_script_enabled=javascript))
        return replace(person, look=inspector) if javascript else person

    admin = person("Ada Admin", os.environ.get("TEST_ADMIN"))
    admin_of(live_server, admin)
    post: Post = SmtpPost(live_server.mailbox) if live_server.mailbox else OutboxPost(admin.page)
    manager, lena, ben, carla, juror = (
        person(name) for name in ("Mara Manager", "Lena Lead", "Ben Builder", "Carla Co-author", "Juri Juror")
    )
    for somebody in (manager, lena, ben, carla):
        journey.sign_up(somebody, post)

    journey.found_organization(manager, admin, post, f"City Library {mark}")
    call = journey.write_call(manager, f"Ideas for the reading garden {mark}")

    arbour = journey.begin_proposal(lena, call, "A vine arbour")
    journey.invite_to_team(lena, arbour, carla)
    journey.hand_in(lena, arbour)
    journey.join_team(carla, post)
    pond = journey.begin_proposal(ben, call, "A pond for frogs")
    journey.hand_in(ben, pond)

    journey.close_stage(manager, call)
    journey.screen_all(manager, call, 2)
    journey.close_stage(manager, call)
    for voter, title in ((lena, "A vine arbour"), (carla, "A vine arbour"), (ben, "A pond for frogs")):
        journey.vote(voter, call, title)
    journey.close_stage(manager, call)

    journey.confirm_list(manager, call, "A vine arbour")
    journey.invite_juror(manager, call, juror)
    journey.join_jury(juror, post)
    journey.assign(manager, call, juror)
    journey.review(juror, call)
    journey.close_stage(manager, call)

    journey.decide(manager, call, "A vine arbour")
    journey.publish_results(manager, call)

    for winner in (lena, carla):
        journey.verify_certificate(winner, post)
    assert "not selected" in post.newest(ben.email, "A pond for frogs")
