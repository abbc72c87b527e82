"""PDFs without scripts, attached files and metadata, with a picture of the first page; the work is done by `pdf_worker`."""

import json
import subprocess
import sys
from pathlib import Path

from crowd.core.errors import InvalidInput

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 40
"""Seconds, on a busy machine."""


def clean_pdf(data: bytes, name: str, field: str) -> tuple[bytes, bytes | None]:
    """The cleaned PDF and a WebP of its first page, None where that cannot be drawn. About half a second.

    Raises InvalidInput: pdf_locked (needs a password), pdf_long, pdf_broken (unreadable, or asks for too much memory or time).
    """
    try:
        head, _, rest = _asked(data).partition(b"\n")
        answer = json.loads(head)
    except (subprocess.SubprocessError, ValueError) as error:
        raise InvalidInput("pdf_broken", field, name=name) from error
    if "fault" in answer:
        raise InvalidInput(answer["fault"], field, name=name)
    return rest[: answer["pdf"]], rest[answer["pdf"] :] or None


def pdf_words(data: bytes) -> str:
    """What stands on its first pages; empty where it cannot be read."""
    try:
        return _asked(data, "words").decode("utf-8", "replace")
    except subprocess.SubprocessError:
        return ""


def _asked(data: bytes, *what: str) -> bytes:
    done = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-m", "crowd.files.pdf_worker", *what],
        input=data,
        capture_output=True,
        cwd=ROOT,
        timeout=PATIENCE,
        check=True,
    )
    return done.stdout
