"""What a first visit of a call page weighs on the wire, and what browsers may keep."""

import re
from collections.abc import Iterable
from urllib.parse import urljoin

import pytest
from flask import url_for
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from crowd.web.assets import asset
from tests.conftest import AsUser
from tests.make import make_account, make_call, make_proposal

pytestmark = pytest.mark.one_database

KILOBYTE = 1000
IMPORT = re.compile(r"""(?:from|import)\s*\(?["'](\.[^"']+)["']""")


def fetched(client: FlaskClient, path: str, encoding: str = "br") -> tuple[int, str]:
    """Bytes of an answer as sent, and its text."""
    packed = client.get(path, headers={"Accept-Encoding": encoding})
    assert packed.status_code == 200
    assert packed.headers.get("Content-Encoding") == encoding, path
    with client.get(path) as plain:
        return len(packed.data), plain.get_data(as_text=True)


def scripts_from(client: FlaskClient, addresses: Iterable[str]) -> dict[str, int]:
    """Every module a page loads at once, with those they import, by their weight."""
    weights: dict[str, int] = {}
    waiting = list(addresses)
    while waiting:
        address = waiting.pop()
        if address not in weights:
            weights[address], source = fetched(client, address)
            waiting += [urljoin(address, found) for found in IMPORT.findall(source)]
    return weights


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_a_first_visit_of_a_call_page_is_light(session: Session, client: FlaskClient, encoding: str) -> None:
    call = make_call()
    make_proposal(call)
    weight, html = fetched(client, f"/calls/{call.public_id}", encoding)
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)">', html)
    assert len(sheets) >= 5
    assert weight + sum(fetched(client, sheet, encoding)[0] for sheet in sheets) <= 20 * KILOBYTE


def test_scripts_are_few_and_wait(session: Session, client: FlaskClient) -> None:
    html = client.get(f"/calls/{make_call().public_id}").text
    tags = re.findall(r"<script[^>]*>", html)
    assert tags
    assert [tag for tag in tags if 'type="module"' not in tag and " defer" not in tag] == []
    addresses = [address for tag in tags for address in re.findall(r'src="([^"]+)"', tag)]
    assert sum(scripts_from(client, addresses).values()) <= 20 * KILOBYTE


def test_there_is_one_font_and_it_is_small(session: Session, client: FlaskClient) -> None:
    html = client.get(f"/calls/{make_call().public_id}").text
    fonts = re.findall(r'rel="preload" href="([^"]+)" as="font"', html)
    assert len(fonts) == 1
    with client.get(fonts[0]) as font:
        if font.status_code == 404:
            pytest.skip("the title font is made by `make install`")
        assert len(font.data) <= 30 * KILOBYTE


def test_static_files_are_kept_for_a_year_and_pages_are_asked_for_again(
    session: Session, client: FlaskClient, as_user: AsUser
) -> None:
    call = make_call()
    page = client.get(f"/calls/{call.public_id}")
    sheet = next(iter(re.findall(r'<link rel="stylesheet" href="([^"]+)">', page.text)))
    kept = as_user(make_account()).get(sheet, headers={"Accept-Encoding": "br"}).headers
    assert (kept["Vary"], kept.get("Set-Cookie")) == ("Accept-Encoding", None)
    assert set(kept["Cache-Control"].split(", ")) == {"public", "max-age=31536000", "immutable"}
    assert "Accept-Encoding" in kept["Vary"]
    assert "Set-Cookie" not in kept
    for visitor in (client, as_user(make_account())):
        headers = visitor.get(f"/calls/{call.public_id}", headers={"Accept-Encoding": "br"}).headers
        assert headers["Cache-Control"] == "private, no-cache"
        assert "ETag" not in headers
        assert "Accept-Encoding" in headers["Vary"]
        assert "Cookie" in headers["Vary"]


def test_the_address_of_a_static_file_is_the_one_its_route_has(client: FlaskClient) -> None:
    app = client.application
    with app.test_request_context():
        build = app.config["ASSETS"][0]
        assert asset("css/base.css") == url_for("assets.file", build=build, filename="css/base.css")
