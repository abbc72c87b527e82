"""A rules value as JSON data, its canonical form and its fingerprint."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import rfc8785

from crowd.core.wall_clock import utc_text

T = TypeVar("T")


def to_data(value: object) -> Any:
    """A rules value as JSON data: objects, arrays, text, integers, booleans, null. Datetimes become UTC text to the second."""
    if is_dataclass(value):
        return {f.name: to_data(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [to_data(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return utc_text(_utc(value))
    return value


def from_data(kind: type[T], data: Any) -> T:
    """The inverse of `to_data`: unknown keys are ignored, absent ones take their default. ValueError, TypeError for a misfit."""
    if not isinstance(data, Mapping):
        raise TypeError(f"expected an object for {kind.__name__}, got {data!r}")
    hints = _hints(cast("Any", kind))
    known: Mapping[str, Any] = {f.name: data[f.name] for f in fields(cast("Any", kind)) if f.name in data}
    return kind(**{name: _read(hints[name], value) for name, value in known.items()})


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(hint: Any, value: Any) -> Any:
    origin = get_origin(hint)
    if origin in {Union, UnionType}:
        if value is None:
            return None
        return _read(next(arg for arg in get_args(hint) if arg is not type(None)), value)
    if origin is tuple:
        if not isinstance(value, list | tuple):
            raise TypeError(f"expected a list, got {value!r}")
        return tuple(_read(get_args(hint)[0], item) for item in value)
    if hint is datetime:
        return _utc(datetime.fromisoformat(value))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    if is_dataclass(hint):
        return from_data(cast("type[Any]", hint), value)
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise TypeError(f"expected {hint.__name__}, got {value!r}")
    return value


def _utc(at: datetime) -> datetime:
    """A time without a zone would be read in the zone of the machine."""
    if at.tzinfo is None:
        raise ValueError(f"a time without a zone: {at}")
    return at.astimezone(UTC)


def canonical(value: object) -> bytes:
    """Canonical JSON (RFC 8785) of a rules value."""
    return rfc8785.dumps(to_data(value))


def fingerprint(value: object) -> str:
    """SHA-256 of the canonical JSON, as 64 hex digits."""
    return hashlib.sha256(canonical(value)).hexdigest()
