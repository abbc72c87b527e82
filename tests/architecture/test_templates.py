"""What the strict content policy and the one allow-list forbid is not in a template in the first place."""

import re
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).parent.parent.parent
TEMPLATES = ROOT / "templates"
FORBIDDEN = {
    "text marked as safe": re.compile(r"\|\s*safe\b|autoescape\s+false"),
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=|<style\b", re.IGNORECASE),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc\s*=)(?![^>]*\btype=\"application/)[^>]*>", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
    "a foreign address": re.compile(r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=\"(?:https?:)?//", re.IGNORECASE),
}


def templates() -> list[str]:
    return sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*") if path.is_file())


@pytest.mark.parametrize(("fault", "pattern"), FORBIDDEN.items(), ids=FORBIDDEN)
def test_no_template_has(fault: str, pattern: re.Pattern[str]) -> None:
    pages = [name for name in templates() if not name.startswith("mails/")]
    assert [name for name in pages if pattern.search((TEMPLATES / name).read_text())] == []


def test_every_template_parses(application: Flask) -> None:
    for name in templates():
        application.jinja_env.get_template(name)


def test_only_the_markup_module_makes_text_safe() -> None:
    """Elsewhere `Markup` may hold a literal, whose `.format` escapes what is put in."""
    made = re.compile(r"\bMarkup\((?!\s*[\"'])|\bmark_safe\b")
    crowd = ROOT / "crowd"
    users = {path.relative_to(crowd).as_posix() for path in crowd.rglob("*.py") if made.search(path.read_text())}
    assert users <= {"web/markup.py"}


def test_every_form_that_posts_carries_the_token() -> None:
    form = re.compile(r"<form\b[^>]*method=\"post\"[^>]*>(.*?)</form>", re.IGNORECASE | re.DOTALL)
    bare = [
        name
        for name in templates()
        for body in form.findall((TEMPLATES / name).read_text())
        if "csrf_token" not in body and "hidden_tag" not in body
    ]
    assert bare == []
