"""What was read a moment ago and is asked again by everybody: kept in the process, for whoever decides nothing by it alone."""

from collections.abc import Callable, Hashable
from time import monotonic
from typing import Generic, TypeVar

from crowd.store.db import db

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
MOST = 256


class Lately(Generic[K, V]):
    """`of(key, read)`: what `read` found, at most `seconds` ago. What was not found (None) is not kept."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._kept: dict[tuple[object, K], tuple[float, V]] = {}

    def of(self, key: K, read: Callable[[], V | None]) -> V | None:
        place, now = (db.engine, key), monotonic()
        known = self._kept.get(place)
        if known is not None and now - known[0] < self._seconds:
            return known[1]
        found = read()
        if found is not None:
            if len(self._kept) >= MOST:
                self._kept = {}
            self._kept[place] = (now, found)
        return found
