"""The page of a vote's rules shows what the chosen method uses, and nothing else."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from crowd.core.status import CallStatus, OrganizationRole
from crowd.store.db import transaction
from tests.browser.conftest import NewPerson
from tests.browser.keyboard import scripts_started
from tests.browser.looking import assert_narrow
from tests.make import make_call, make_member, make_organization, make_rules
from tests.serving import LiveServer


@pytest.fixture
def rules_page(live_server: LiveServer, new_person: NewPerson) -> Page:
    if live_server.environ is None:
        pytest.skip("needs a server of our own, to put a call into it")
    with live_server.app.app_context():
        organization = make_organization()
        manager = make_member(organization, OrganizationRole.MANAGER)
        call = make_call(organization, make_rules(None, asks_cost=True), status=CallStatus.DRAFT)
        with transaction(manager):
            manager.email = manager.email_folded = f"rules-{call.public_id}@example.org"
        path, email = f"/calls/{call.public_id}/edit/rounds/crowd", manager.email
    page = new_person(email=email)
    page.goto(path)
    scripts_started(page)
    return page


def test_only_what_the_chosen_method_uses_is_shown(rules_page: Page, assert_accessible: Callable[[Page], None]) -> None:
    page = rules_page
    own = [page.locator(f"[name={name}]").first for name in ("max_choices", "points", "grades", "seats", "budget")]

    def shown() -> list[bool]:
        return [field.is_visible() for field in own]

    assert shown() == [True, False, False, True, False]
    page.get_by_label("Credits:").check()
    assert shown() == [False, True, False, True, False]
    page.get_by_label("Budget by votes:").check()
    assert shown() == [True, False, False, False, True]
    page.get_by_label("Majority judgment:").check()
    assert shown() == [False, False, True, True, False]
    page.get_by_label("Whoever holds a one-time code").check()
    expect(page.locator("[name=min_account_days]")).to_be_hidden()
    assert_accessible(page)
    assert_narrow(page)
