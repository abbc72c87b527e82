"""Every door of the application, tried by those it is not for."""

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.core.status import OrganizationRole
from crowd.store.db import db
from tests.conftest import AsUser
from tests.make import make_account, make_member, make_organization
from tests.web.hostile import World, make_world
from tests.web.test_hostile_input import addresses, pages

OWN = frozenset({"accounts", "notifications", "privacy"})
"""Areas in which everybody acts on what is theirs."""
ANYBODYS = frozenset(
    {
        "pages.preview",
        "pages.language",
        "organizations.found",
        "calls.create",
        "conversation.on_call",
        "conversation.on_proposal",
        "moderation.report_comment",
        "moderation.report_proposal",
    }
    | {
        "proposals.join_save",
        "proposals.propose_save",
        "proposals.propose_autosave",
        "proposals.propose_discard",
        "proposals.similar_to_written",
        "voting.change",
        "voting.cast",
        "voting.review",
        "voting.withdraw",
        "voting.enter_code",
        "voting.leave_code",
        "rounds.check_receipt",
    }
)
"""What a verified person may do in a public call."""


@pytest.fixture
def world(session: Session) -> World:
    return make_world()


def acts(app: Flask, world: World) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and rule.arguments and rule.endpoint.split(".")[0] not in OWN:
            found = list(addresses(app, rule, world))
            yield from ((rule.endpoint, address) for address in random.sample(found, min(2, len(found))))


def snapshot() -> dict[str, Any]:
    """How many rows every table has, and what the calls, proposals and people are."""
    session = db.session()
    found: dict[str, Any] = {}
    for table in db.metadata.sorted_tables:
        if table.name not in {"attempts", "kept_forms"}:
            found[table.name] = session.scalar(select(func.count()).select_from(table))
    for name in ("calls", "proposals", "accounts", "organizations", "jurors", "assignments", "memberships"):
        table = db.metadata.tables[name]
        found[f"{name} in full"] = session.execute(select(table).order_by(*table.primary_key)).all()
    return found


OUTSIDERS: dict[str, Callable[[World, Flask, AsUser], FlaskClient]] = {
    "a visitor": lambda _world, app, _as_user: app.test_client(),
    "a stranger": lambda _world, _app, as_user: as_user(make_account("Sven")),
    "a manager of another organization": lambda _world, _app, as_user: as_user(make_member(make_organization())),
    "a plain member": lambda world, _app, as_user: as_user(make_member(world.organization, OrganizationRole.MEMBER)),
}


@pytest.mark.parametrize("who", OUTSIDERS)
def test_nobody_from_outside_changes_anything(app: Flask, world: World, as_user: AsUser, who: str) -> None:
    outsider = OUTSIDERS[who](world, app, as_user)
    before, answers = snapshot(), {}
    for endpoint, address in acts(app, world):
        if endpoint not in ANYBODYS and endpoint != "organizations.leave":
            answers[address] = outsider.post(address, data={"reason": "x", "text": "x", "name": "x"}).status_code
    assert len(answers) > 60
    wrong = {address: status for address, status in answers.items() if status not in {403, 404}}
    if who == "a visitor":
        wrong = {address: status for address, status in wrong.items() if status != 303}
    assert wrong == {}
    assert snapshot() == before


def test_no_form_is_taken_without_its_token(app: Flask, world: World, as_user: AsUser) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    manager, before, answers = as_user(world.manager), snapshot(), {}
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            for address in [*addresses(app, rule, world)][:1]:
                answers[address] = manager.post(address, data={"reason": "x"}).status_code
    assert len(answers) > 60
    assert {address: status for address, status in answers.items() if status != 400} == {}
    assert snapshot() == before


def test_every_answer_carries_the_policy_that_forbids_foreign_scripts(
    app: Flask, world: World, client: FlaskClient, as_user: AsUser
) -> None:
    manager, bare = as_user(world.manager), {}
    for person in (client, manager):
        for address in [*random.sample(pages(app, world), 30), "/no-such-page", "/calls/%00"]:
            headers = person.get(address).headers
            policy = headers.get("Content-Security-Policy", "")
            if "default-src 'none'" not in policy or headers.get("X-Content-Type-Options") != "nosniff":
                bare[address] = policy
    assert bare == {}


def test_drafts_and_calls_for_members_look_to_outsiders_as_if_they_were_not_there(
    app: Flask, world: World, client: FlaskClient, as_user: AsUser
) -> None:
    draft_call, draft_proposal = world.values["call"][0], world.values["proposal"][0]
    hidden = [address for address in pages(app, world) if draft_call in address or draft_proposal in address]
    assert len(hidden) > 20
    hidden = random.sample(hidden, 15)
    for person in (client, as_user(make_account("Sven"))):
        missing = {
            address.replace(draft_call, "z" * 12).replace(draft_proposal, "z" * 12): address for address in hidden
        }
        differing = {
            real: (person.get(real).status_code, person.get(none).status_code)
            for none, real in missing.items()
            if person.get(real).status_code != person.get(none).status_code
        }
        assert differing == {}
