"""Small writes of several threads in one commit: whoever comes while one is under way waits, and the next takes along all who wait.

A commit costs much the same for one row and for ten. Nobody is told that something is written before it is committed.
"""

import threading
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

import structlog

log = structlog.get_logger()

T = TypeVar("T")
R = TypeVar("R")
MOST = 64


class _Place(Generic[T, R]):
    """One of those who wait, at a lock of their own until they are answered or it is their turn to write."""

    __slots__ = ("answer", "answered", "item", "turn")

    def __init__(self, item: T) -> None:
        self.item = item
        self.answer: R | None = None
        self.answered = False
        self.turn = threading.Lock()
        self.turn.acquire()


class Gathering(Generic[T, R]):
    """`write(take)` begins a transaction, takes what waits by then, writes it, commits, and answers each item in its order.

    Lines of different keys do not wait for each other. None is the answer where nothing was written, and to all when it failed:
    what is wrong with one must not stop the others, so each is to try alone.
    """

    def __init__(self, write: Callable[[Callable[[], Sequence[T]]], Sequence[R | None]]) -> None:
        self._write = write
        self._lock = threading.Lock()
        self._lines: dict[Hashable, deque[_Place[T, R]]] = {}

    def __call__(self, key: Hashable, item: T) -> R | None:
        place = _Place[T, R](item)
        with self._lock:
            first = key not in self._lines
            line = self._lines.setdefault(key, deque())
            line.append(place)
        if not first:
            place.turn.acquire()
        if not place.answered:
            self._lead(key, line)
        return place.answer

    def _lead(self, key: Hashable, line: deque[_Place[T, R]]) -> None:
        taken: list[_Place[T, R]] = []

        def take() -> Sequence[T]:
            with self._lock:
                taken.extend(line.popleft() for _ in range(min(MOST, len(line))))
            return [place.item for place in taken]

        try:
            for place, answer in zip(taken, self._write(take), strict=True):
                place.answer = answer
        except Exception:  # each tries alone, and then meets what is wrong with its own
            log.exception("nothing was written together")
        finally:
            if not taken:
                take()
            self._pass_on(key, line, taken)

    def _pass_on(self, key: Hashable, line: deque[_Place[T, R]], taken: Sequence[_Place[T, R]]) -> None:
        for place in taken:
            place.answered = True
            place.turn.release()
        with self._lock:
            if line:
                line[0].turn.release()
            else:
                del self._lines[key]
