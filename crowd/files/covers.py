"""The picture of a call: drawn anew in the sizes that pages show, as WebP, and once as JPEG for whoever cannot read that."""

import hashlib
import io
from dataclasses import dataclass

from PIL import Image

from crowd.core.errors import InvalidInput
from crowd.files.checking import MOST_BYTES, MOST_MEGABYTES, plain_name
from crowd.files.pictures import clean_picture

WIDTHS = (480, 960, 1600)
JPEG_WIDTH = 960
LEAST_WIDTH = 480
ACCEPT = ".jpg,.jpeg,.png,.webp"


@dataclass(frozen=True)
class CoverFiles:
    """`files` by name, such as `960.webp`; width and height of the largest, `sha256` of it."""

    files: dict[str, bytes]
    width: int
    height: int
    sha256: str


def cover_files(filename: str, data: bytes, field: str = "picture") -> CoverFiles:
    """Raises InvalidInput for `field`, in words. Slow (up to a second): never inside a transaction."""
    name = plain_name(filename)
    if len(data) > MOST_BYTES:
        raise InvalidInput("file_too_large", field, name=name, most=MOST_MEGABYTES)
    clean = clean_picture(data, name=name, field=field, longest=2 * WIDTHS[-1])
    if clean.width < LEAST_WIDTH:
        raise InvalidInput("picture_too_small", field, name=name, least=LEAST_WIDTH)
    with Image.open(io.BytesIO(clean.data)) as picture:
        flat = _on_paper(picture)
    drawn = {width: _narrowed(flat, width) for width in WIDTHS if width <= flat.width or width == LEAST_WIDTH}
    files = {f"{width}.webp": _saved(each, "WEBP", quality=80, method=4) for width, each in drawn.items()}
    files["picture.jpg"] = _saved(_narrowed(flat, JPEG_WIDTH), "JPEG", quality=82, progressive=True, optimize=True)
    largest = max(drawn)
    return CoverFiles(
        files,
        drawn[largest].width,
        drawn[largest].height,
        hashlib.sha256(files[f"{largest}.webp"]).hexdigest(),
    )


def _on_paper(picture: Image.Image) -> Image.Image:
    """Without transparency, on white."""
    if picture.mode == "RGB":
        return picture.copy()
    layer = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")


def _narrowed(picture: Image.Image, width: int) -> Image.Image:
    if picture.width <= width:
        return picture
    return picture.resize((width, max(1, round(picture.height * width / picture.width))), Image.Resampling.LANCZOS)


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, format=kind, **options)
    return out.getvalue()
