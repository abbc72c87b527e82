"""Whatever brand colour an organization has, its accent can be read in light and in dark."""

import re

import pytest
from coloraide import Color
from hypothesis import example, given
from hypothesis import strategies as st

from crowd.web.accent import accent_css, contrast, to_oklch

pytestmark = pytest.mark.one_database

hex_colours = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")
SHEETS = {
    "light": ("oklch(0.985 0.006 85)", "oklch(0.955 0.009 85)"),
    "dark": ("oklch(0.19 0.012 265)", "oklch(0.27 0.014 265)"),
}


def accents(hex_colour: str) -> dict[str, str]:
    found = dict(re.findall(r"--brand-([a-z-]+):([\d.]+)", accent_css(hex_colour)))
    light = f"oklch({found['l']} {found['c']} {found['h']})"
    return {"light": light, "dark": f"oklch({found['l-dark']} {found['c-dark']} {found['h']})"}


@given(hex_colours)
@example("#ffffff")
@example("#000000")
@example("#ffff00")
@example("#0000ff")
@example("#00ff00")
@example("#ff00ff")
def test_any_brand_colour_gives_readable_text_in_both_modes(hex_colour: str) -> None:
    for mode, accent in accents(hex_colour).items():
        seen = Color(accent).fit("srgb", method="clip")
        for sheet in SHEETS[mode]:
            assert seen.contrast(Color(sheet), method="wcag21") >= 4.5


@given(hex_colours)
def test_any_accent_can_be_shown_by_an_ordinary_screen(hex_colour: str) -> None:
    assert all(Color(accent).in_gamut("srgb", tolerance=0.005) for accent in accents(hex_colour).values())


def test_a_dark_brand_colour_is_kept_as_it_is_on_paper() -> None:
    lightness, chroma, hue = to_oklch("#0b5d4e")
    assert f"--brand-h:{hue:.2f};--brand-c:{chroma:.4f};--brand-l:{lightness:.4f};" in accent_css("#0b5d4e")


@given(hex_colours, hex_colours)
def test_our_contrast_is_that_of_the_standard(one: str, other: str) -> None:
    assert contrast(to_oklch(one), to_oklch(other)) == pytest.approx(
        Color(one).contrast(Color(other), method="wcag21"), rel=0.005
    )


@pytest.mark.parametrize("text", ["#", "teal", "#12345", "#1234567", "#12345g", "#123456;}body{display:none"])
def test_only_six_hex_digits_become_a_stylesheet(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        accent_css(text)
