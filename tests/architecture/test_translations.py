"""Every text is marked for translation, and every marked text is there in Spanish with the same blanks."""

import ast
import re
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent.parent
TEMPLATES = ROOT / "templates"
SPANISH = ROOT / "crowd" / "translations" / "es" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}
SOURCES = [("crowd/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
BLANK = re.compile(r"%(?:\(\w+\))?[sd]|\{\w*\}")
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
UNREAD = re.compile(r"<(script|svg|code|kbd)\b.*?</\1>|<!--.*?-->|&\w+;", re.DOTALL | re.IGNORECASE)
SPOKEN = re.compile(r"\s(?:placeholder|title|aria-label|alt|aria-description)=\"([^\"]*)\"")
NAMES = {"Apertura", "English", "Español"}
WORD = re.compile(r"[^\W\d_]{2,}")


def texts() -> set[str | tuple[str, ...]]:
    found = extract_from_dir(ROOT, SOURCES, keywords=KEYWORDS)
    return {message for _file, _line, message, _comments, _context in found}


def spanish() -> Catalog:
    with SPANISH.open("rb") as file:
        return read_po(file, locale="es")


def forms(entry: Message) -> list[str]:
    return [entry.string] if isinstance(entry.string, str) else list(entry.string or ())


def test_every_text_is_there_in_spanish() -> None:
    catalog = spanish()
    missing = []
    for text in texts():
        entry = catalog.get(text if isinstance(text, str) else text[0])
        if entry is None or entry.fuzzy or not forms(entry) or not all(forms(entry)):
            missing.append(str(text))
    assert sorted(missing) == []


def test_no_text_hides_in_an_f_string() -> None:
    """Extraction does not look into them before Python 3.12."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in (ROOT / "crowd").rglob("*.py")
        if any(f"{name}(" in (source := path.read_text()) for name in KEYWORDS)
        for text in ast.walk(ast.parse(source))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS
    ]
    assert hidden == []


def test_the_spanish_texts_have_the_blanks_of_the_english_ones() -> None:
    wrong = [
        (entry.id, form)
        for entry in spanish()
        for form in forms(entry)
        if entry.id and not set(BLANK.findall(form)) <= set(BLANK.findall(str(entry.id)))
    ]
    assert wrong == []


def unmarked(source: str) -> list[str]:
    plain = UNREAD.sub(" ", JINJA.sub(" ", source))
    pieces = [*SPOKEN.findall(plain), *re.sub(r"<[^>]*>", "\n", plain).split("\n")]
    return [piece.strip() for piece in pieces if set(WORD.findall(piece)) - NAMES]


def test_no_template_says_a_word_that_is_not_marked_for_translation() -> None:
    bare = {
        path.relative_to(TEMPLATES).as_posix(): unmarked(path.read_text())
        for path in TEMPLATES.rglob("*.html")
        if "styleguide" not in path.name
    }
    assert {name: words for name, words in bare.items() if words} == {}
