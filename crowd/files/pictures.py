"""Pictures drawn anew: upright, still, and without places, names or whatever else was hidden in them."""

import io
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageOps

from crowd.core.errors import InvalidInput

MOST_PIXELS = 60_000_000
Image.MAX_IMAGE_PIXELS = None  # pixels are counted here, before any is unpacked, and refused in words
QUALITY = 90
THUMBNAIL = 640
"""Pixels of the longer side."""
_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}
PICTURES = frozenset(_TYPES.values())
_UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    OverflowError,
    MemoryError,
)


@dataclass(frozen=True)
class CleanPicture:
    """Width and height in pixels."""

    data: bytes
    media_type: str
    width: int
    height: int


def picture_type(data: bytes) -> str | None:
    """The media type of a picture that is taken here, by its content; None for everything else."""
    try:
        with _opened(data) as picture:
            return _TYPES[str(picture.format)]
    except _UNREADABLE:
        return None


def clean_picture(
    data: bytes,
    *,
    name: str = "",
    field: str = "picture",
    longest: int | None = None,
    square: bool = False,
    types: Collection[str] = PICTURES,
) -> CleanPicture:
    """The same picture, encoded anew in its own format.

    `longest`: at most so many pixels on the longer side; `square`: cut to its middle. `name` and `field` are for the sentence
    of a refusal: InvalidInput `picture_kind`, `picture_too_large` (pixels), `picture_moves` or `picture_broken`. The size in
    bytes is the caller's to check. Slow (up to a second): never inside a transaction.
    """
    if picture_type(data) not in types:
        raise InvalidInput("picture_kind", field, name=name)
    try:
        with _opened(data) as picture:
            return _drawn_anew(picture, name, field, longest, square=square)
    except _UNREADABLE as error:
        raise InvalidInput("picture_broken", field, name=name) from error


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    """Only the header is read."""
    with Image.open(io.BytesIO(data), formats=list(_TYPES)) as picture:
        yield picture


def _drawn_anew(picture: Image.Image, name: str, field: str, longest: int | None, *, square: bool) -> CleanPicture:
    kind = str(picture.format)
    if picture.width * picture.height > MOST_PIXELS:
        raise InvalidInput("picture_too_large", field, name=name)
    if getattr(picture, "n_frames", 1) > 1:
        raise InvalidInput("picture_moves", field, name=name)
    drawn = ImageOps.exif_transpose(picture)
    if drawn.mode == "P":
        drawn = drawn.convert("RGBA" if "transparency" in drawn.info else "RGB")
    if square:
        side = min(drawn.size)
        drawn = ImageOps.fit(drawn, (side, side))
    if longest:
        drawn.thumbnail((longest, longest))
    return CleanPicture(_encoded(drawn, kind), _TYPES[kind], *drawn.size)


def _encoded(picture: Image.Image, kind: str) -> bytes:
    bare = picture.copy()
    bare.info = {key: value for key, value in picture.info.items() if key == "transparency"}
    out = io.BytesIO()
    bare.save(out, format=kind, **({} if kind in {"PNG", "GIF"} else {"quality": QUALITY}))
    return out.getvalue()


def thumbnail(data: bytes) -> bytes:
    """A cleaned picture made small, as WebP."""
    out = io.BytesIO()
    with _opened(data) as picture:
        small = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
        small.thumbnail((THUMBNAIL, THUMBNAIL))
        small.save(out, format="WEBP", quality=80)
    return out.getvalue()
