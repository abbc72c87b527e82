"""A process of its own that makes one PDF harmless and draws its first page; whatever the file does to it, the server goes on.

Standard input: the PDF. Standard output: a line of JSON (`fault`, or the sizes of what follows), then the PDF, then a WebP; with
the argument `words`, the text of its pages alone.
"""

import io
import json
import resource
import sys
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image

MOST_MEMORY = 1500 * 2**20
MOST_SECONDS = 20
MOST_PAGES = 500
MOST_READ = 50
DEEPEST = 40
SIDE = 640
ACTS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition", "/RichMediaExecute"}
)
"""Actions that do more than turn pages or follow a link of the web."""
TOLD = frozenset(
    """/AA /AF /EF /EmbeddedFiles /JavaScript /JS /Metadata /OpenAction /PieceInfo /RichMediaContent /RichMediaSettings
    /LastModified /XFA /Collection /Perms /Threads""".split()
)
"""Keys that run something, carry files, or tell who wrote it, with what and when."""
MARKS = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})
"""Annotations that are files or players."""


def clean(data: bytes) -> tuple[bytes, bytes]:
    """The PDF without scripts, attached files and metadata, and a picture of its first page. Raises ValueError(fault)."""
    try:
        pdf = pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError as error:
        raise ValueError("pdf_locked") from error
    with pdf:
        if not 0 < len(pdf.pages) <= MOST_PAGES:
            raise ValueError("pdf_broken" if len(pdf.pages) == 0 else "pdf_long")
        for item in pdf.objects:
            _disarm(item, 0)
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        out = io.BytesIO()
        pdf.remove_unreferenced_resources()
        pdf.save(out, deterministic_id=True, encryption=False)
    cleaned = out.getvalue()
    return cleaned, _first_page(cleaned)


def _disarm(item: Any, depth: int) -> None:
    """Strip one object and what lies in it directly; what it only refers to comes by itself."""
    if depth > DEEPEST:
        raise ValueError("pdf_broken")
    if isinstance(item, pikepdf.Array):
        for child in list(item):
            if not getattr(child, "is_indirect", False):
                _disarm(child, depth + 1)
        return
    if not isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
        return
    if str(item.get("/S", "")) in ACTS or str(item.get("/Subtype", "")) in MARKS:
        for key in [key for key in _keys(item) if key not in {"/Type", "/Subtype", "/Rect", "/Length"}]:
            del item[key]
        return
    for key in _keys(item):
        if key in TOLD:
            del item[key]
            continue
        inner = item.get(key)
        if not getattr(inner, "is_indirect", False):
            _disarm(inner, depth + 1)


def _keys(item: Any) -> list[str]:
    return [str(key) for key in item.keys()]  # noqa: SIM118 (no dict)


def _first_page(data: bytes) -> bytes:
    """Nothing where it cannot be drawn: the file itself is still good."""
    try:
        with pypdfium2.PdfDocument(data) as document:
            page = document[0]
            longest = max(page.get_size())
            drawn = page.render(scale=min(SIDE / longest, 4) if longest else 1).to_pil()
    except (pypdfium2.PdfiumError, ValueError, MemoryError):
        return b""
    drawn.thumbnail((SIDE, SIDE))
    out = io.BytesIO()
    drawn.convert("RGB").resize(drawn.size, Image.Resampling.LANCZOS).save(out, format="WEBP", quality=80)
    return out.getvalue()


def words(data: bytes) -> bytes:
    """What stands on the pages, as UTF-8; nothing where it cannot be read."""
    try:
        with pypdfium2.PdfDocument(data) as document:
            pages = [
                document[number].get_textpage().get_text_range() for number in range(min(len(document), MOST_READ))
            ]
    except (pypdfium2.PdfiumError, ValueError, MemoryError):
        return b""
    return "\n".join(pages).encode("utf-8", "replace")


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    data = sys.stdin.buffer.read()
    sys.stdout.buffer.write(words(data) if "words" in sys.argv[1:] else _answer(data))


def _answer(data: bytes) -> bytes:
    try:
        cleaned, picture = clean(data)
    except ValueError as fault:
        code = str(fault)
        return _head(fault=code if code.startswith("pdf_") else "pdf_broken")
    except (pikepdf.PdfError, RuntimeError, MemoryError, RecursionError, TypeError, KeyError):
        return _head(fault="pdf_broken")
    return _head(pdf=len(cleaned), picture=len(picture)) + cleaned + picture


def _head(**words: str | int) -> bytes:
    return json.dumps(words).encode() + b"\n"


if __name__ == "__main__":
    main()
