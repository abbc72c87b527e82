"""What may be uploaded: by content, not by name; pictures without what was hidden in them."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, PngImagePlugin

from crowd.config import Settings
from crowd.core.errors import InvalidInput
from crowd.files.checking import MOST_BYTES, check_file, plain_name
from crowd.files.pdf_worker import clean
from crowd.files.storage import FolderStore, upload_folder

pytestmark = pytest.mark.one_database

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


def pdf_of(change: Callable[[pikepdf.Pdf], None] | None = None, **saving: object) -> bytes:
    """A PDF of one empty page, as `change` leaves it."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(200, 300))
        if change:
            change(pdf)
        pdf.save(out, **{"deterministic_id": True, "encryption": False} | saving)  # type: ignore[arg-type]
    return out.getvalue()


PDF = clean(pdf_of())[0]


def picture(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 6), (200, 30, 30)).save(out, format=kind, **options)
    return out.getvalue()


def archive(*names: str, mimetype: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        if mimetype:
            made.writestr("mimetype", mimetype)
        for name in names:
            made.writestr(name, "<x/>")
    return out.getvalue()


DOCX = archive("[Content_Types].xml", "word/document.xml")
ODT = archive("content.xml", mimetype="application/vnd.oasis.opendocument.text")


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("plan.pdf", PDF, "application/pdf"),
        ("tree.PNG", picture("PNG"), "image/png"),
        ("tree.jpeg", picture("JPEG"), "image/jpeg"),
        ("tree.webp", picture("WEBP"), "image/webp"),
        ("tree.gif", picture("GIF"), "image/gif"),
        ("notes.txt", "Señalización\n".encode(), "text/plain"),
        (
            "plan.docx",
            DOCX,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("plan.odt", ODT, "application/vnd.oasis.opendocument.text"),
    ],
)
def test_what_is_taken(name: str, data: bytes, media_type: str) -> None:
    assert check_file(name, data).media_type == media_type


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("drawing.svg", SVG, "file_with_scripts"),
        ("drawing.png", SVG, "file_with_scripts"),
        ("page.png", HTML, "file_with_scripts"),
        ("page.txt", b"\n  <html><body>", "file_with_scripts"),
        ("page.txt", b"\xef\xbb\xbf<?xml version='1.0'?><svg/>", "file_with_scripts"),
        ("page.html", b"hello", "file_with_scripts"),
        ("plan.jpg", PDF, "file_misnamed"),
        ("tree.pdf", picture("PNG"), "file_misnamed"),
        ("tree", picture("PNG"), "file_misnamed"),
        ("plan.docm", archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "file_misnamed"),
        ("things.zip", archive("a.txt"), "file_kind"),
        ("program.exe", b"MZ\x90\x00\x03", "file_kind"),
        ("nothing.pdf", b"", "file_empty"),
        ("large.pdf", PDF + b" " * (MOST_BYTES - len(PDF) + 1), "file_too_large"),
        ("cut.png", picture("PNG")[:-25], "picture_broken"),
    ],
)
def test_what_is_refused_and_why(name: str, data: bytes, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_file(name, data)
    assert refused.value.code == code
    assert refused.value.field == "files"


def test_a_file_of_exactly_the_stated_size_is_taken() -> None:
    assert check_file("large.txt", b"x" * MOST_BYTES).data == b"x" * MOST_BYTES


def test_pictures_lose_what_was_hidden_in_them_and_stand_upright() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Jane Doe"
    exif[0x0112] = 6  # turned by a quarter
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "Jane Doe")
    for name, data in (
        ("a.jpg", picture("JPEG", exif=exif, comment=b"Jane Doe")),
        ("a.webp", picture("WEBP", exif=exif)),
        ("a.png", picture("PNG", pnginfo=words, exif=exif)),
    ):
        assert b"Jane Doe" in data
        cleaned = check_file(name, data).data
        assert b"Jane Doe" not in cleaned
        with Image.open(io.BytesIO(cleaned)) as again:
            assert again.size == (6, 8)
            assert not again.getexif()


def test_a_moving_picture_is_refused_and_transparency_is_kept() -> None:
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, format="WEBP", save_all=True, append_images=frames[1:], duration=100)
    with pytest.raises(InvalidInput) as refused:
        check_file("a.webp", out.getvalue())
    assert refused.value.code == "picture_moves"
    clear = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(clear, format="PNG")
    with Image.open(io.BytesIO(check_file("a.png", clear.getvalue()).data)) as again:
        assert again.convert("RGBA").getpixel((0, 0)) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\plans\\garden.pdf", "garden.pdf"),
        ("gar\u202efdp.exe", "garfdp.exe"),
        ("a\r\nb.pdf", "ab.pdf"),
        ("", "file"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_are_made_plain(given: str, kept: str) -> None:
    assert plain_name(given) == kept


def test_uploads_lie_beside_the_database_or_where_the_settings_say(tmp_path: Path) -> None:
    here = Settings(tmp_path, "sqlite://", "s" * 32, "http://localhost")
    assert upload_folder(here) == tmp_path / "uploads"
    elsewhere = replace(here, storage_url=f"file://{tmp_path}/a%20folder")
    store = FolderStore(upload_folder(elsewhere))
    key = store.put(b"words")
    assert store.path(key).read_bytes() == b"words"
    assert store.path(key).is_relative_to(tmp_path / "a folder")
    store.delete(key)
    store.delete(key)
    assert not store.path(key).exists()
    with pytest.raises(ValueError, match=r"\.\."):
        store.path("../../etc/passwd")
