"""Office documents written anew: the same words, without macros, links to elsewhere, names of people and hidden places."""

import io
import re
import zipfile
from pathlib import PurePosixPath

from crowd.core.errors import InvalidInput
from crowd.files.pictures import clean_picture, picture_type

MOST_ENTRIES = 2_000
MOST_UNPACKED = 80 * 2**20
MOST_TIMES = 200
"""How many times its packed size one part may have."""
SMALL = 2**20

_MACROS = re.compile(
    r"vbaproject|/activex/|^basic/|^scripts/|/embeddings/|^object [0-9]+/.*\.bin$|\.(exe|dll|js|vbs|bat)$",
    re.IGNORECASE,
)
_XML = re.compile(r"\.(xml|rels|vml)$", re.IGNORECASE)
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_EXTERNAL = re.compile(
    rb"<Relationship\b(?=[^>]*TargetMode\s*=\s*[\"']External)(?![^>]*relationships/hyperlink[\"'])[^>]*>", re.IGNORECASE
)
_THUMBNAIL = re.compile(
    rb"<Relationship\b(?=[^>]*metadata/thumbnail[\"'])[^>]*?(?:/>|>\s*</Relationship>)", re.IGNORECASE
)
_PEOPLE = re.compile(rb"(\b(?:w:author|w:initials|w15:author|w15:userId|author|userId|providerId)=)([\"'])[^\"']*\2")
_WRITERS = re.compile(rb"<(dc:creator|meta:creator-initials|meta:initial-creator)>[^<]*</\1>")
_BLANKS = {
    "docProps/core.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties '
    b'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties '
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties '
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
    "meta.xml": b'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-meta '
    b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.2"/>',
}
"""Parts that tell who wrote it, with what and when, as they are when nobody did."""


def clean_document(data: bytes, name: str, field: str) -> bytes:
    """The document, packed anew. Raises InvalidInput.

    document_locked (needs a password), document_bomb (unpacks to too much), document_macros (macros or other programs),
    document_broken (no sound archive, paths that lead out, entities).
    """
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            _check(archive, name, field)
            for entry in archive.infolist():
                fresh = zipfile.ZipInfo(entry.filename)
                fresh.compress_type = zipfile.ZIP_STORED if entry.filename == "mimetype" else zipfile.ZIP_DEFLATED
                made.writestr(fresh, _cleaned(entry.filename, archive.read(entry), name, field))
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError) as error:
        raise InvalidInput("document_broken", field, name=name) from error
    return out.getvalue()


def _check(archive: zipfile.ZipFile, name: str, field: str) -> None:
    entries = archive.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise InvalidInput("document_locked", field, name=name)
    unpacked = sum(entry.file_size for entry in entries)
    swollen = any(entry.file_size > max(SMALL, MOST_TIMES * entry.compress_size) for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or swollen:
        raise InvalidInput("document_bomb", field, name=name)
    if any(_MACROS.search(entry.filename) for entry in entries):
        raise InvalidInput("document_macros", field, name=name)
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names) or not all(_stays_inside(each) for each in names):
        raise InvalidInput("document_broken", field, name=name)


def _stays_inside(path: str) -> bool:
    return not (path.startswith("/") or "\\" in path or ":" in path or ".." in PurePosixPath(path).parts)


def _cleaned(path: str, content: bytes, name: str, field: str) -> bytes:
    if path in _BLANKS:
        return _BLANKS[path]
    if path.lower().startswith(("docprops/thumbnail", "thumbnails/")):
        return b""
    if _XML.search(path) or path == "[Content_Types].xml":
        return _cleaned_xml(path, content, name, field)
    return clean_picture(content, name=name, field=field).data if picture_type(content) else content


def _cleaned_xml(path: str, content: bytes, name: str, field: str) -> bytes:
    if _DTD.search(content) or content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise InvalidInput("document_broken", field, name=name)
    if b"macroEnabled" in content or b"office:scripts>" in content or b"<script:" in content:
        raise InvalidInput("document_macros", field, name=name)
    if b"manifest:encryption-data" in content:
        raise InvalidInput("document_locked", field, name=name)
    if path.lower().endswith(".rels"):
        if _EXTERNAL.search(content):
            raise InvalidInput("document_reaches_out", field, name=name)
        content = _THUMBNAIL.sub(b"", content)
    return _WRITERS.sub(rb"<\1></\1>", _PEOPLE.sub(rb"\1\2\2", content))
