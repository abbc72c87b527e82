"""Headings in the texts of people: below the page's own, and no level skipped."""

import re

import pytest

from crowd.web.markup import rendered

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("source", "levels"),
    [
        ("### Deep at once", "3"),
        ("# One\n\n## Two\n\n#### Four\n\n## Two again", "3454"),
        ("## Two\n\n# One", "33"),
        ("# a\n\n## b\n\n### c\n\n#### d", "3455"),
    ],
)
def test_headings_start_below_the_page_and_skip_no_level(source: str, levels: str) -> None:
    html = str(rendered(source))
    assert "".join(re.findall(r"<h(\d)>", html)) == levels
    assert "".join(re.findall(r"</h(\d)>", html)) == levels


def test_a_text_alone_on_its_page_starts_one_level_higher() -> None:
    assert rendered("# One", 2) == "<h2>One</h2>\n"
