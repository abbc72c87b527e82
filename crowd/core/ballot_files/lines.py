"""On which line of a JSON text something stands: only asked when something is wrong with it."""

import json
import re
from collections.abc import Sequence

_SPACE = re.compile(r"\s*")
_DECODER = json.JSONDecoder()


def line_of(text: str, path: Sequence[str | int]) -> int:
    """The line of the value reached by keys and places, or of the last one there is on the way. `text` is well formed."""
    at = _skip(text, 0)
    for step in path:
        found = _inside(text, at, step)
        if found is None:
            break
        at = found
    return text.count("\n", 0, at) + 1


def _inside(text: str, at: int, step: str | int) -> int | None:
    """Where the value under this key, or at this place, begins."""
    if text[at] != ("{" if isinstance(step, str) else "["):
        return None
    found, place, at = None, 0, _skip(text, at + 1)
    while text[at] not in "}]":
        key: str | int = place
        if isinstance(step, str):
            key, at = _DECODER.raw_decode(text, at)
            at = _skip(text, _skip(text, at) + 1)
        if key == step:
            found = at  # of a key that comes twice, the last: that is the one that was read
            if isinstance(step, int):
                return found
        at = _skip(text, _DECODER.raw_decode(text, at)[1])
        at = _skip(text, at + 1) if text[at] == "," else at
        place += 1
    return found


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
