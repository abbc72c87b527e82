"""Every address named in a template or view exists."""

import re
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"\burl(?:_for)?\(\s*\"([a-z_]+\.[a-z_]+)\"")


def test_no_page_links_to_an_address_that_does_not_exist(application: Flask) -> None:
    sources = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("templates/**/*.txt"), *ROOT.glob("crowd/**/*.py")]
    named = {(endpoint, path.name) for path in sources for endpoint in NAMED.findall(path.read_text())}
    assert len(named) > 100
    assert sorted(item for item in named if item[0] not in application.view_functions) == []
