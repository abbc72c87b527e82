"""Typeset pages as accessible PDF (PDF/UA-1) by Typst: fonts pinned, everything variable passed as data, never as code."""

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import segno

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

VARIABLE = "files/Newsreader[opsz,wght].ttf"


@lru_cache(maxsize=4)
def font_folder(data: Path) -> Path:
    """The title font at one weight, made once from the variable one: Typst reads static fonts only."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 (heavy, and used once)
    from fontTools.varLib.instancer import instantiateVariableFont  # noqa: PLC0415

    folder = data / "fonts"
    made = folder / "Newsreader-Medium.ttf"
    if not made.exists():
        folder.mkdir(parents=True, exist_ok=True)
        font = TTFont(str(files("fontpkg_newsreader") / VARIABLE))
        whole = instantiateVariableFont(font, {"opsz": 36, "wght": 500}, inplace=True)
        _name(whole)
        unfinished = folder / f"unfinished-{id(whole)}.ttf"
        whole.save(unfinished)
        unfinished.replace(made)
    return folder


def _name(font: "TTFont") -> None:
    """One plain family name, so that a template can ask for it."""
    for record in list(font["name"].names):
        if record.nameID in {1, 4, 16}:
            font["name"].setName("Newsreader", record.nameID, record.platformID, record.platEncID, record.langID)
        elif record.nameID in {2, 17}:
            font["name"].setName("Regular", record.nameID, record.platformID, record.platEncID, record.langID)


def typeset(source: Path, content: Mapping[str, Any], data: Path) -> bytes:
    """The PDF of a template; it reads its content from `sys.inputs.content` (JSON).

    Letters that no pinned font has are looked for among the system's; where none has them either, the page is made without
    the promise of PDF/UA rather than not at all.
    """
    import typst  # noqa: PLC0415 (heavy, and only where something is typeset)

    fonts = [str(font_folder(data))]
    inputs = {"content": json.dumps(content, ensure_ascii=False)}
    try:
        return _compiled(source, fonts, inputs, system=False)
    except typst.TypstError:
        pass
    try:
        return _compiled(source, fonts, inputs, system=True)
    except typst.TypstError:
        return typst.compile(str(source), format="pdf", font_paths=fonts, sys_inputs=inputs)


def _compiled(source: Path, fonts: list[str], inputs: dict[str, str], *, system: bool) -> bytes:
    import typst  # noqa: PLC0415

    return typst.compile(
        str(source),
        format="pdf",
        font_paths=fonts,
        ignore_system_fonts=not system,
        sys_inputs=inputs,
        pdf_standards=["ua-1"],
    )


def qr_svg(text: str) -> str:
    """A QR code as SVG, to be set by `typeset`."""
    out = BytesIO()
    segno.make(text, error="m").save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()
