"""Merge fields: `{rank}` in a text becomes what is known of each proposal."""

import re
from collections.abc import Collection, Mapping

_FIELD = re.compile(r"\{([a-z_]+)\}")
_GAPS = re.compile(r"[ \t]{2,}")
_HANGING = re.compile(r"[ \t]+(?=\n|$)")


def fields_of(text: str) -> list[str]:
    """The names of the fields in a text, each once, in order."""
    return list(dict.fromkeys(_FIELD.findall(text)))


def unknown_fields(text: str, known: Collection[str]) -> list[str]:
    return [name for name in fields_of(text) if name not in known]


def merge(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled in, once: braces inside a value stay as they are. KeyError for an unknown field.

    An empty value leaves no double space behind.
    """
    gapped = any(not values[name] for name in fields_of(text))
    merged = _FIELD.sub(lambda found: values[found[1]], text)
    return _HANGING.sub("", _GAPS.sub(" ", merged)).strip() if gapped else merged
