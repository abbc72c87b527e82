"""Numbers as forms and addresses carry them."""

LONGEST = 9


def natural(text: str | None, default: int = 0) -> int:
    """A natural number of at most nine ASCII digits, so that it fits every column; anything else is the default."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= LONGEST else default
