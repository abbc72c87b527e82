"""Pictures for covers, logos and portraits: drawn anew, made to measure."""

import io
import struct
import zlib

import pytest
from PIL import Image

from crowd.core.errors import InvalidInput
from crowd.files.pictures import CleanPicture, clean_picture

pytestmark = pytest.mark.one_database


def drawn(kind: str, size: tuple[int, int], mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, format=kind)
    return out.getvalue()


def promised(width: int, height: int) -> bytes:
    """A PNG that says it is this large; what follows would unpack to zeros."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(10_000))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_keeps_its_format_and_is_made_to_measure(kind: str) -> None:
    data = drawn(kind, (800, 200))
    whole = clean_picture(data)
    assert (whole.media_type, whole.width, whole.height) == (f"image/{kind.lower()}", 800, 200)
    small = clean_picture(data, longest=100)
    assert (small.width, small.height) == (100, 25)
    portrait = clean_picture(data, longest=64, square=True)
    assert (portrait.width, portrait.height) == (64, 64)
    with Image.open(io.BytesIO(portrait.data)) as again:
        assert (again.format, again.size) == (kind, (64, 64))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture_kind"),
        (b"%PDF-1.7\n", "picture_kind"),
        (b"", "picture_kind"),
        (drawn("TIFF", (4, 4)), "picture_kind"),
        (drawn("GIF", (4, 4)), "picture_kind"),
        (drawn("PNG", (40, 40))[:-25], "picture_broken"),
        (promised(20_000, 20_000), "picture_too_large"),
        (promised(1_000_000, 1_000_000), "picture_too_large"),
    ],
)
def test_what_is_no_picture_to_be_shown_is_refused_by_name(data: bytes, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        clean_picture(data, name="me.png", field="avatar", types={"image/png", "image/jpeg"})
    assert (refused.value.code, refused.value.field, refused.value.values) == (code, "avatar", {"name": "me.png"})


def test_transparency_stays() -> None:
    cleaned: CleanPicture = clean_picture(drawn("PNG", (8, 8), "LA"), longest=4)
    with Image.open(io.BytesIO(cleaned.data)) as again:
        assert again.convert("RGBA").getpixel((0, 0)) == (0, 0, 0, 0)
