"""Writers of an SQLite file wait in a queue, not by asking again and again.

SQLite lets one write at a time; whoever comes meanwhile sleeps and asks again, up to a tenth of a second each time, and may be passed
by luckier ones for seconds. Here the threads of a process wait for a lock, and the processes for that of a file beside the database.
It only orders the queue: what keeps writers apart is SQLite's own lock, as before.
"""

import fcntl
import os
import threading
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from types import TracebackType
from typing import Any

SUFFIX = ".queue"


class Turnstile:
    """Entered again by the thread that is in it, it does nothing."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._depth = 0
        self._file: int | None = None
        self._process = 0

    def __enter__(self) -> None:
        self._lock.acquire()
        self._depth += 1
        if self._depth == 1:
            fcntl.flock(self._opened(), fcntl.LOCK_EX)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._depth -= 1
        if self._depth == 0:
            fcntl.flock(self._opened(), fcntl.LOCK_UN)
        self._lock.release()

    def _opened(self) -> int:
        """A file of this process alone: one inherited from a parent would be locked together with it."""
        if self._file is None or self._process != os.getpid():
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._process = os.getpid()
        return self._file


@cache
def _turnstile(path: str) -> Turnstile:
    return Turnstile(path + SUFFIX)


def turnstile_of(engine: Any) -> AbstractContextManager[None]:
    """That of an engine's SQLite file; other databases have queues of their own."""
    path = engine.url.database if engine.dialect.name == "sqlite" else None
    return _turnstile(path) if path and path != ":memory:" else nullcontext()
