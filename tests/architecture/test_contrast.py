"""The colours of tokens.css as browsers see them: text 4.5:1, what shows a control or its state 3:1, light and dark."""

import re
from pathlib import Path

import pytest
from coloraide import Color

CSS = Path("static/css")
TOKENS = (CSS / "tokens.css").read_text()
VALUES = dict(re.findall(r"--([\w-]+): ([^;]+);", TOKENS))

GROUNDS = ("paper", "sheet", "shade")
TEXTS = [
    (text, ground)
    for text in ("ink", "ink-quiet", "accent", "good", "reserve", "attend", "refuse")
    for ground in GROUNDS
]
TEXTS += [(tone, f"{tone}-tint") for tone in ("good", "reserve", "attend", "refuse", "accent")]
TEXTS += [("ink", f"{tone}-tint") for tone in ("good", "reserve", "attend", "refuse", "accent")]
TEXTS += [("ink-quiet", "accent-tint"), ("ink-quiet", "refuse-tint"), ("on-accent", "accent"), ("on-ink", "ink")]
EDGES = [(edge, ground) for edge in ("edge", "accent", "ink", "refuse") for ground in ("paper", "sheet")]


def resolve(value: str, mode: str) -> str:
    """A value with its `var()` and `light-dark()` put in."""
    while match := re.search(r"var\(--([\w-]+)\)", value):
        value = value.replace(match[0], VALUES[match[1]])
    pair = re.fullmatch(r"light-dark\((oklch\([^)]*\)), (oklch\([^)]*\))\)", value)
    return (pair[1] if mode == "light" else pair[2]) if pair else value


def colour(meaning: str, mode: str) -> Color:
    return Color(resolve(VALUES[meaning], mode)).fit("srgb", method="clip")


def ratio(front: str, back: str, mode: str) -> float:
    return colour(front, mode).contrast(colour(back, mode), method="wcag21")


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_holds_four_and_a_half_to_one(text: str, ground: str, mode: str) -> None:
    assert ratio(text, ground, mode) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_of_controls_and_the_focus_ring_hold_three_to_one(edge: str, ground: str, mode: str) -> None:
    assert ratio(edge, ground, mode) >= 3


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_colour_can_be_shown_by_an_ordinary_screen(mode: str) -> None:
    meanings = [name for name, value in VALUES.items() if "oklch" in resolve(value, mode)]
    assert [name for name in meanings if not Color(resolve(VALUES[name], mode)).in_gamut("srgb", tolerance=0.005)] == []


def test_no_raw_colour_stands_outside_the_tokens() -> None:
    """Shadows and the veil behind dialogs are black with transparency; paper is black on white."""
    raw = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:oklch|hsl|lab|lch)\(|rgb\((?!0 0 0 /)")
    found = [
        f"{sheet.name}: {line.strip()}"
        for sheet in CSS.rglob("*.css")
        if sheet.name not in {"tokens.css", "print.css"}
        for line in sheet.read_text().splitlines()
        if raw.search(line)
    ]
    assert found == []


def test_a_first_visit_stays_under_ten_kilobytes_of_style() -> None:
    brotli = pytest.importorskip("brotli")
    sheets = ("tokens", "base", "layouts", "components", "forms", "print")
    assert sum(len(brotli.compress((CSS / f"{name}.css").read_bytes())) for name in sheets) <= 10_000


def test_all_scripts_together_stay_under_twenty_kilobytes() -> None:
    brotli = pytest.importorskip("brotli")
    assert sum(len(brotli.compress(path.read_bytes())) for path in Path("static/js").glob("*.js")) <= 20_000
