"""Numbers as forms and addresses carry them."""

LONGEST = 9


def natural(text: str | None, default: int = 0) -> int:
    """A natural number of at most nine ASCII digits, so that it fits every column; anything else is the default."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= LONGEST else default


def verb_and_number(act: str) -> tuple[str, int | None]:
    """What a button of one row says: `remove:2` is ("remove", 2); None where no number follows."""
    verb, _sep, what = act.partition(":")
    number = natural(what, -1)
    return verb, number if number >= 0 else None
