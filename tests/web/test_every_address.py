"""Every address of the application, asked for by a visitor, by somebody and by the site admin."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule

from tests.conftest import AsUser
from tests.make import make_account

pytestmark = pytest.mark.one_database

Person = Callable[[Flask, AsUser], FlaskClient]
PEOPLE: dict[str, Person] = {
    "a visitor": lambda app, _as_user: app.test_client(),
    "somebody": lambda _app, as_user: as_user(make_account()),
    "the site admin": lambda _app, as_user: as_user(make_account("Site Admin", admin=True)),
}


@pytest.fixture(params=list(PEOPLE.values()), ids=list(PEOPLE))
def person(request: pytest.FixtureRequest, app: Flask, session: Session, as_user: AsUser) -> FlaskClient:
    make: Person = request.param
    return make(app, as_user)


def readable(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())]


def filled(app: Flask, rule: Rule) -> str:
    """The address with values that name nothing."""
    values: dict[str, Any] = {name: _nothing(converter) for name, converter in rule._converters.items()}
    with app.test_request_context():
        return app.url_for(rule.endpoint, **values)


def _nothing(converter: BaseConverter) -> str | int:
    """A value that the route takes and that names nothing; of a fixed choice, the first."""
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 987654321 if isinstance(converter, IntegerConverter) else "zzzzzzzzzzzz"


@pytest.mark.both_databases
def test_no_plain_address_fails(app: Flask, person: FlaskClient) -> None:
    plain = [rule.rule for rule in readable(app) if not rule.arguments]
    statuses = {address: person.get(address).status_code for address in plain}
    assert len(statuses) > 3
    assert {address: status for address, status in statuses.items() if status not in {200, 302, 303, 403, 404}} == {}


def test_what_does_not_exist_is_not_found_or_asks_to_sign_in(app: Flask, person: FlaskClient) -> None:
    addresses = [filled(app, rule) for rule in readable(app) if rule.arguments]
    statuses = {address: person.get(address).status_code for address in addresses}
    assert {address: status for address, status in statuses.items() if status not in {302, 303, 403, 404}} == {}


def test_what_does_not_exist_takes_no_post(app: Flask, person: FlaskClient) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set()) and rule.arguments]
    statuses = {address: person.post(address).status_code for address in (filled(app, rule) for rule in rules)}
    assert {address: status for address, status in statuses.items() if status not in {302, 303, 403, 404}} == {}
