"""What an uploaded file really is: by its content, never by what its name or the browser says.

Pictures are drawn anew, so that places, names and whatever else was hidden in them is gone. What can carry scripts is refused.
"""

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass, replace
from pathlib import PurePath

import puremagic

from crowd.core.errors import InvalidInput
from crowd.files.documents import clean_document
from crowd.files.pdfs import clean_pdf
from crowd.files.pictures import PICTURES, clean_picture, picture_type, thumbnail

MOST_MEGABYTES = 10
MOST_BYTES = MOST_MEGABYTES * 1024 * 1024
LONGEST_NAME = 120

PDF = "application/pdf"
TEXT = "text/plain"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
_FOLDERS = {
    "word/": f"{_OFFICE}wordprocessingml.document",
    "xl/": f"{_OFFICE}spreadsheetml.sheet",
    "ppt/": f"{_OFFICE}presentationml.presentation",
}
ENDINGS: dict[str, frozenset[str]] = {
    PDF: frozenset({".pdf"}),
    "image/png": frozenset({".png"}),
    "image/jpeg": frozenset({".jpg", ".jpeg"}),
    "image/webp": frozenset({".webp"}),
    "image/gif": frozenset({".gif"}),
    TEXT: frozenset({".txt", ".md", ".csv"}),
    _FOLDERS["word/"]: frozenset({".docx"}),
    _FOLDERS["xl/"]: frozenset({".xlsx"}),
    _FOLDERS["ppt/"]: frozenset({".pptx"}),
    f"{_OPEN}text": frozenset({".odt"}),
    f"{_OPEN}spreadsheet": frozenset({".ods"}),
    f"{_OPEN}presentation": frozenset({".odp"}),
}
ACCEPT = ",".join(sorted(ending for endings in ENDINGS.values() for ending in endings))
_MARKUP = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|svg|\?xml|script|head|body|iframe|math|x:)", re.IGNORECASE
)
_SCRIPTS = frozenset({".svg", ".svgz", ".html", ".htm", ".xhtml", ".xml", ".js", ".mjs", ".hta", ".swf"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class CheckedFile:
    """A file as it may be stored. `preview`: a small WebP picture of it or of its first page, where there is one."""

    filename: str
    media_type: str
    data: bytes
    preview: bytes | None = None
    preview_key: str | None = None  # once the preview is stored


def check_file(filename: str, data: bytes, field: str = "files") -> CheckedFile:
    """The file as it may be stored. Raises InvalidInput for `field`, with the name of the file in its sentence."""
    name = plain_name(filename)
    if not data:
        raise InvalidInput("file_empty", field, name=name)
    if len(data) > MOST_BYTES:
        raise InvalidInput("file_too_large", field, name=name, most=MOST_MEGABYTES)
    ending = PurePath(name).suffix.lower()
    if ending in _SCRIPTS or _MARKUP.match(data):
        raise InvalidInput("file_with_scripts", field, name=name)
    media_type = _media_type(data)
    if media_type is None:
        raise InvalidInput("file_kind", field, name=name)
    if ending not in ENDINGS[media_type]:
        raise InvalidInput("file_misnamed", field, name=name, kind=_kind_word(data, media_type))
    return _cleaned(CheckedFile(name, media_type, data), field)


def _cleaned(file: CheckedFile, field: str) -> CheckedFile:
    """Without what is hidden in it, and with its preview. Slow for pictures and PDFs: never inside a transaction."""
    if file.media_type in PICTURES:
        data = clean_picture(file.data, name=file.filename, field=field).data
        return replace(file, data=data, preview=thumbnail(data))
    if file.media_type == PDF:
        data, picture = clean_pdf(file.data, file.filename, field)
        return replace(file, data=data, preview=picture)
    if file.media_type == TEXT:
        return file
    return replace(file, data=clean_document(file.data, file.filename, field))


def plain_name(filename: str) -> str:
    """The last part of a path, without signs that steer, hide or turn round."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", filename))[-1]
    seen = "".join(sign for sign in last if sign.isprintable() and unicodedata.category(sign) not in {"Cf", "Cc"})
    stem, ending = PurePath(seen).stem.strip(" ."), PurePath(seen).suffix
    return f"{(stem or 'file')[: LONGEST_NAME - len(ending)]}{ending}"


def _media_type(data: bytes) -> str | None:
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return _document_type(data)
    return picture_type(data) or (TEXT if _is_text(data) else None)


def _document_type(data: bytes) -> str | None:
    """Documents of the usual office programs, without macros; other archives are none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                found = archive.read("mimetype").decode("ascii", "replace").strip()
                return found if found in ENDINGS else None
            if "[Content_Types].xml" not in names:
                return None
            return next((kind for folder, kind in _FOLDERS.items() if any(n.startswith(folder) for n in names)), None)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        return None


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not _CONTROL.search(text)


def _kind_word(data: bytes, media_type: str) -> str:
    try:
        return str(puremagic.from_string(data)).lstrip(".").upper() or media_type
    except (puremagic.PureError, ValueError):
        return min(ENDINGS[media_type]).lstrip(".").upper()
