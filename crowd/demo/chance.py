"""Choices that look like people's and are the same at every loading."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def chance(*parts: object) -> float:
    """A number from 0 up to, not including, 1 that hangs on `parts` alone."""
    digest = hashlib.sha256("\0".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:7], "big") / (1 << 56)


def between(low: float, high: float, *parts: object) -> float:
    return low + (high - low) * chance(*parts)


def pick(options: Sequence[T], *parts: object) -> T:
    return options[int(chance(*parts) * len(options))]


def weighted(options: Sequence[T], weights: Sequence[float], count: int, *parts: object) -> list[T]:
    """`count` different options, heavy ones more often (Efraimidis and Spirakis 2006)."""
    keys = [chance(*parts, place) ** (1 / weight) for place, weight in enumerate(weights)]
    order = sorted(range(len(options)), key=lambda place: -keys[place])
    return [options[place] for place in order[:count]]
