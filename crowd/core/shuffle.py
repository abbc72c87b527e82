"""An order of one's own for every reader: fair to the things listed, and the same each time this reader looks.

Every proposal carries eight random keys. A reader gets one of them, a place to start and a direction, and wraps round: the
database walks an index, and nothing is drawn anew from page to page.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

KEYS = 8
KEY_BITS = 62


@dataclass(frozen=True)
class Shuffle:
    """`key`: which of the stored keys (1 to 8) · `start`: where in its range · `descending`: which way."""

    key: int
    start: int
    descending: bool

    @classmethod
    def of(cls, seed: str) -> "Shuffle":
        """The order that belongs to a seed: the same seed, the same order."""
        digest = hashlib.sha256(seed.encode()).digest()
        start = int.from_bytes(digest[8:16], "big") % (1 << KEY_BITS)
        return cls(digest[0] % KEYS + 1, start, bool(digest[1] % 2))

    @property
    def column(self) -> str:
        return f"shuffle_{self.key}"


def seed_for(reader: str, thing: str) -> str:
    """The seed of one reader for one thing (a call); it may stand in an address, where it says nothing of the reader."""
    return hashlib.sha256(f"{reader} {thing}".encode()).hexdigest()[:12]


def shuffled(items: Iterable[T], shuffle: Shuffle, key_of: Callable[[T], int]) -> list[T]:
    """`items` in the reader's order: from `start` on, then wrapping round."""

    def place(item: T) -> int:
        key = key_of(item)
        return (shuffle.start - key if shuffle.descending else key - shuffle.start) % (1 << KEY_BITS)

    return sorted(items, key=place)
