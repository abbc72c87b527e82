"""An organization's accent: its brand colour gives hue and chroma, lightness is solved so that text stays readable.

OKLCH after Björn Ottosson, "A perceptual color space for image processing" (2020); contrast after WCAG 2.2.
"""

import math
import re
from dataclasses import dataclass

Triple = tuple[float, float, float]

LEAST_CONTRAST = 4.6
"""A little over the 4.5:1 of WCAG, because browsers round colours."""
MOST_CHROMA = 0.19
TINT_CHROMA = 0.016
TINTS = (0.95, 0.29)
"""Lightness of the accent's tint in light and dark, as in tokens.css."""

PAPER = (0.955, 0.009, 85.0)
"""The darkest ground an accent is read on in light mode (`--shade`)."""
NIGHT = (0.27, 0.014, 265.0)
"""The lightest ground an accent is read on in dark mode (`--shade`)."""


@dataclass(frozen=True)
class Accent:
    """OKLCH of an accent: hue in degrees, chroma and lightness for light and for dark mode."""

    hue: float
    chroma: float
    lightness: float
    chroma_dark: float
    lightness_dark: float
    chroma_tint: float


def accent_css(hex_colour: str) -> str:
    """The stylesheet of a brand colour (`#rrggbb`); it sets what tokens.css builds the accent from. ValueError for other text."""
    accent = solve(hex_colour)
    return (
        ":root{"
        f"--brand-h:{accent.hue:.2f};--brand-c:{accent.chroma:.4f};--brand-l:{accent.lightness:.4f};"
        f"--brand-c-dark:{accent.chroma_dark:.4f};--brand-l-dark:{accent.lightness_dark:.4f};--brand-c-tint:{accent.chroma_tint:.4f}"
        "}\n"
    )


def solve(hex_colour: str) -> Accent:
    """The accent nearest to a brand colour that holds `LEAST_CONTRAST` on paper, on night and on its own tint."""
    lightness, chroma, hue = to_oklch(hex_colour)
    chroma = min(chroma, MOST_CHROMA)
    tint = min(chroma * 0.25, TINT_CHROMA)
    light_grounds = (PAPER, (TINTS[0], tint, hue))
    dark_grounds = (NIGHT, (TINTS[1], tint, hue))
    light = _nearest(lightness, hue, chroma, light_grounds, step=-0.002)
    dark = _nearest(max(lightness, 0.6), hue, chroma * 0.9, dark_grounds, step=0.002)
    return Accent(hue, light[1], light[0], dark[1], dark[0], tint)


def _nearest(start: float, hue: float, chroma: float, grounds: tuple[Triple, ...], step: float) -> tuple[float, float]:
    """Lightness and chroma: walk from `start` towards black or white until every ground is far enough away."""
    lightness = start
    while 0 < lightness < 1:
        fitted = fit_chroma(lightness, chroma, hue)
        if all(contrast((lightness, fitted, hue), ground) >= LEAST_CONTRAST for ground in grounds):
            return lightness, fitted
        lightness += step
    return (0.0, 0.0) if step < 0 else (1.0, 0.0)


def fit_chroma(lightness: float, chroma: float, hue: float) -> float:
    """The greatest chroma up to `chroma` that a screen can show at this lightness and hue."""
    low, high = 0.0, chroma
    if in_gamut((lightness, high, hue)):
        return high
    for _ in range(18):
        middle = (low + high) / 2
        low, high = (middle, high) if in_gamut((lightness, middle, hue)) else (low, middle)
    return low


def to_oklch(hex_colour: str) -> Triple:
    """Lightness (0–1), chroma and hue (degrees) of `#rrggbb`."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", hex_colour):
        raise ValueError(hex_colour)
    red, green, blue = (_linear(int(hex_colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def to_linear(colour: Triple) -> Triple:
    """Linear sRGB of an OKLCH colour; outside 0–1 where no screen of that kind can show it."""
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def in_gamut(colour: Triple) -> bool:
    return all(-0.0001 <= channel <= 1.0001 for channel in to_linear(colour))


def luminance(colour: Triple) -> float:
    """Relative luminance (WCAG) of an OKLCH colour, channels clipped as browsers do."""
    red, green, blue = map(_clip, to_linear(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Triple, other: Triple) -> float:
    """Contrast ratio (WCAG) of two OKLCH colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _clip(channel: float) -> float:
    return min(max(channel, 0.0), 1.0)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
