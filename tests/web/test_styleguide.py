"""The styleguide shows every component, and only where the demo is on."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from crowd.web.styleguide import STATUSES

pytestmark = pytest.mark.one_database

TEMPLATES = Path("templates")
IMPORTS = re.compile(r'from "components/(\w+)\.html"')


@pytest.fixture
def guide(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> BeautifulSoup:
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], demo=True))
    response = client.get("/styleguide")
    assert response.status_code == 200
    return BeautifulSoup(response.data, "lxml")


def test_there_is_no_styleguide_without_the_demo(client: FlaskClient) -> None:
    assert client.get("/styleguide").status_code == 404


def test_every_status_is_told_in_a_word_beside_its_icon(guide: BeautifulSoup) -> None:
    chips = {chip["data-status"]: chip for chip in guide.select(".acts > .status")}
    assert list(chips) == list(STATUSES)
    assert [value for value, chip in chips.items() if not chip.get_text(strip=True) or not chip.find("svg")] == []


def test_people_who_were_not_selected_are_never_shown_as_an_error(guide: BeautifulSoup) -> None:
    assert all("data-tone" not in chip.attrs for chip in guide.select('[data-status="not_selected"]'))


def test_an_error_is_named_on_top_beside_its_field_and_for_screen_readers(guide: BeautifulSoup) -> None:
    links = {link["href"] for link in guide.select(".error-summary a")}
    assert links == {"#email", "#text", "#publicity", "#own_work"}
    assert all(guide.select(str(link)) for link in links)
    field = guide.select("#email")[0]
    assert field["aria-invalid"] == "true"
    assert (
        guide.select(f"#{field['aria-describedby']}")[0].get_text(strip=True)
        == "Error:This is not an address we could write to."
    )


def test_a_button_that_leads_nowhere_says_why(guide: BeautifulSoup) -> None:
    dead = guide.select("button[disabled]")
    assert [button.get_text(strip=True) for button in dead] == ["Cast ballot"]
    reason = dead[0].find_next_sibling(class_="reason")
    assert reason is not None
    assert "Voting opens on" in reason.get_text()


def test_every_component_stands_in_the_styleguide_or_in_one_that_does() -> None:
    shown = set(IMPORTS.findall((TEMPLATES / "styleguide.html").read_text()))
    for layout in (TEMPLATES / "layouts").glob("*.html"):
        shown |= set(IMPORTS.findall(layout.read_text()))
    for name in list(shown):
        shown |= set(IMPORTS.findall((TEMPLATES / "components" / f"{name}.html").read_text()))
    assert {path.stem for path in (TEMPLATES / "components").glob("*.html")} - shown == set()


@pytest.mark.parametrize("path", sorted((TEMPLATES / "components").glob("*.html")), ids=lambda path: path.stem)
def test_every_component_begins_with_its_contract(path: Path) -> None:
    first = path.read_text().split("#}")[0]
    assert first.startswith("{# ")
    assert f"{path.stem}(" in first or path.stem in {
        "comment",
        "meter",
        "table",
        "form",
        "card",
        "notice",
        "dialog",
        "tray",
    }
