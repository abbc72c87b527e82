"""The site answers under its own name only, and over https keeps its cookies to itself."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crowd.config import Settings
from crowd.factory import create_app
from crowd.store.db import db

pytestmark = pytest.mark.one_database


def test_another_host_is_told_where_the_site_is(client: FlaskClient) -> None:
    response = client.get("/", headers={"Host": "elsewhere.example"})
    assert response.status_code == 400
    assert response.text == "This site is at http://localhost\n"


def test_the_own_host_gets_the_page(client: FlaskClient) -> None:
    assert client.get("/readyz").get_json() == {"status": "ready"}


@pytest.mark.parametrize("name", ["localhost", "localhost:5000", "127.0.0.1", "127.0.0.1:5000"])
def test_on_ones_own_machine_both_names_lead_to_it(client: FlaskClient, name: str) -> None:
    assert client.get("/calls", headers={"Host": name}).status_code == 200


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_a_public_site_has_its_own_name_only(https: Flask, name: str) -> None:
    assert https.test_client().get("/calls", headers={"Host": name}).status_code == 400


@pytest.fixture
def https(app: Flask, settings: Settings) -> Iterator[Flask]:
    secure = create_app(replace(settings, base_url="https://calls.example.org"))
    yield secure
    with secure.app_context():
        db.engine.dispose()


def cookies(https: Flask, base_url: str) -> tuple[int, list[str], str | None]:
    """Status, session cookies and HSTS of a page that writes to the session."""
    answer = https.test_client().post("/language", data={"locale": "es", "next": "/"}, base_url=base_url)
    return answer.status_code, answer.headers.getlist("Set-Cookie"), answer.headers.get("Strict-Transport-Security")


def test_over_https_cookies_are_bound_to_the_host_and_browsers_told_to_stay(https: Flask) -> None:
    https.config["WTF_CSRF_ENABLED"] = False
    status, (cookie,), hsts = cookies(https, "https://calls.example.org")
    assert status == 303
    assert cookie.startswith("__Host-apertura=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain=" not in cookie
    assert hsts == "max-age=31536000; includeSubDomains"
    assert cookies(https, "https://elsewhere.example")[:2] == (400, [])


def test_over_http_nothing_promises_https(app: Flask) -> None:
    status, (cookie,), hsts = cookies(app, "http://localhost")
    assert (status, hsts) == (303, None)
    assert cookie.startswith("apertura=")
    assert "Secure" not in cookie
