"""Whatever is typed into a form or an address, the answer is in words: never a fault of the server."""

import random
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter, IntegerConverter, Rule
from werkzeug.test import TestResponse

from crowd.proposals.models import Proposal
from tests.conftest import AsUser
from tests.web.hostile import VALUES, Form, World, forms_of, make_world, upload

PEOPLE = ("manager", "contributor", "admin")
CALLS = ("pages", "calls", "selection", "voting", "reviews", "rounds", "conversation", "notifications")
QUERY = "after comments_after q tag sort seed status round show start reply from to version proposal next view list mine kept organization blocked email stage"
SAMPLE, LONG = 40, 20_000


@pytest.fixture
def world(session: Session) -> World:
    return make_world()


@pytest.fixture(params=PEOPLE)
def person(request: pytest.FixtureRequest, world: World, as_user: AsUser) -> FlaskClient:
    return as_user(getattr(world, request.param))


def kind_of(rule: Rule, name: str) -> str:
    if name != "public_id":
        return {"proposal_id": "proposal", "mail_id": "call"}.get(name, name)
    first = rule.rule.split("/")[1]
    return {"calls": "call", "proposals": "proposal", "people": "person", "reviews": "review"}.get(first, first)


def addresses(app: Flask, rule: Rule, world: World) -> Iterator[str]:
    """The rule's addresses over what exists."""
    spans: list[dict[str, Any]] = [{}]
    for name, converter in rule._converters.items():
        if isinstance(converter, AnyConverter):
            options: list[Any] = sorted(converter.items)
        else:
            options = [1] if isinstance(converter, IntegerConverter) else world.values.get(kind_of(rule, name), [])
        spans = [{**span, name: option} for span in spans for option in options]
    with app.test_request_context():
        yield from [app.url_for(rule.endpoint, **span) for span in spans]


def pages(app: Flask, world: World) -> list[str]:
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    return [address for rule in rules for address in addresses(app, rule, world)]


def all_forms(app: Flask, world: World, person: FlaskClient, most: int) -> list[Form]:
    """Every form on every page that this person may open, each kind of form once for each address."""
    found: dict[tuple[str, tuple[str, ...]], Form] = {}
    every = pages(app, world)
    for address in random.sample(every, min(most, len(every))):
        answer = person.get(address)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            for form in forms_of(answer.text, address):
                found.setdefault((form.action, tuple(form.names())), form)
    return list(found.values())


def attacks(forms: list[Form]) -> Iterator[tuple[str, dict[str, Any]]]:
    for form in forms:
        everything: dict[str, Any] = {}
        for name in form.names():
            for value in VALUES.values():
                yield form.action, form.filled(**{name: value})
            yield form.action, form.filled(**{name: ["1", "2", "x"]})
            yield form.action, form.filled(**{name: upload()})
            everything[name] = upload()
        yield form.action, everything
        yield form.action, {}
        yield from ((form.action, dict.fromkeys(form.names(), value)) for value in VALUES.values())


def sendable(data: dict[str, Any]) -> dict[str, Any]:
    """Lone surrogates as a browser bent on harm would send them: their three raw bytes."""
    return {name: _raw(value) for name, value in data.items()}


def _raw(value: Any) -> Any:
    if isinstance(value, list):
        return [_raw(one) for one in value]
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value


def post_some(app: Flask, world: World, person: FlaskClient, most: int) -> dict[str, str]:
    tried = list(attacks(all_forms(app, world, person, most)))
    assert len(tried) > 50, "there is next to nothing to attack"
    chosen = random.sample(tried, min(most, len(tried)))
    faults = {}
    for action, data in chosen:
        try:
            status = str(post_accepting(person, action, data).status_code)
        except Exception as error:  # noqa: BLE001 (the test client raises what would be a 500)
            status = f"500 {error!r}"[:2000]
        if status.startswith("5"):
            faults[f"{action} {str(data)[:300]}"] = status
    return faults


def post_accepting(person: FlaskClient, action: str, data: dict[str, Any]) -> TestResponse:
    """New terms, published by an attack before, are accepted on the way."""
    answer = person.post(action, data=sendable(data))
    if answer.headers.get("Location", "").startswith("/accept?next=/kept"):
        form = next(form for form in forms_of(person.get("/accept").text, "/accept") if "accept" in form.names())
        person.post("/accept", data=form.filled(accept="y"))
    return answer


def test_no_form_fails_on_what_is_typed(app: Flask, world: World, person: FlaskClient) -> None:
    """The same sample each time, so that the suite says the same twice; the soak draws anew."""
    random.seed(SAMPLE)
    assert post_some(app, world, person, SAMPLE) == {}


@pytest.mark.soak
@pytest.mark.timeout(3 * 3600)
def test_no_form_fails_on_anything_typed(app: Flask, world: World, person: FlaskClient) -> None:
    assert post_some(app, world, person, LONG) == {}


NASTY = (
    "nul",
    "surrogate",
    "beyond 32 bit",
    "beyond 64 bit",
    "huge number",
    "digits of other scripts",
    "markup",
    "deep",
)


@pytest.mark.parametrize("name", NASTY)
def test_no_address_fails_on_what_is_asked(
    app: Flask, world: World, client: FlaskClient, as_user: AsUser, name: str
) -> None:
    value = VALUES[name][:2000].encode("utf-8", "surrogatepass")
    query = "&".join(f"{key}={quote_plus(value)}" for key in QUERY.split())
    manager, admin = as_user(world.manager), as_user(world.admin)
    faults: dict[str, str] = {}
    every = pages(app, world)
    for address in random.sample(every, 8):
        for person in (client, manager, admin):
            faults |= failing(person, f"{address}?{query}")
    rules = [rule.rule for rule in app.url_map.iter_rules() if rule.arguments and "GET" in (rule.methods or ())]
    for rule in random.sample(rules, 20):
        faults |= failing(manager, re.sub(r"<[^>]*>", quote(value[:300]), rule))
    assert faults == {}


def failing(person: FlaskClient, address: str) -> dict[str, str]:
    try:
        status = str(person.get(address).status_code)
    except Exception as error:  # noqa: BLE001 (the test client raises what would be a 500)
        status = f"500 {error!r}"[:500]
    return {address[:300]: status} if status.startswith("5") else {}


def test_a_zero_character_is_dropped_from_what_is_typed(world: World, as_user: AsUser, session: Session) -> None:
    proposal = session.scalars(select(Proposal).where(Proposal.public_id == world.values["proposal"][0])).one()
    writer = as_user(world.contributor)
    address = f"/proposals/{proposal.public_id}/edit"
    form = next(form for form in forms_of(writer.get(address).text, address) if "title" in form.names())
    answer = writer.post(address, data=form.filled(title="A\0 pond", body="Two\0 frogs"))
    assert (answer.status_code, proposal.title, proposal.body) == (303, "A pond", "Two frogs")
