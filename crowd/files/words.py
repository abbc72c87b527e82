"""The words of a stored file, as far as they can be read: to warn its authors that it names them."""

import io
import re
import zipfile

from crowd.files.checking import PDF, TEXT
from crowd.files.pdfs import pdf_words

MOST = 400_000
"""Characters that are read of one file."""
_PARTS = re.compile(r"(word/(document|header\d*|footer\d*)|ppt/slides/slide\d+|xl/sharedStrings|content|styles)\.xml")
_TAG = re.compile(r"<[^>]*>")


def words_of(media_type: str, data: bytes) -> str:
    """Plain text; empty for pictures and for what cannot be read. A PDF takes a process of its own, about a third of a second."""
    if media_type == PDF:
        return pdf_words(data)[:MOST]
    if media_type == TEXT:
        return data[: 4 * MOST].decode("utf-8", "replace")[:MOST]
    return _of_document(data) if zipfile.is_zipfile(io.BytesIO(data)) else ""


def _of_document(data: bytes) -> str:
    found: list[str] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                if _PARTS.fullmatch(entry.filename):
                    with archive.open(entry) as part:
                        found.append(_TAG.sub(" ", part.read(4 * MOST).decode("utf-8", "replace")))
    except (zipfile.BadZipFile, OSError, RuntimeError, EOFError):
        return ""
    return " ".join(found)[:MOST]
