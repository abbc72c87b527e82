"""Connections on which questions are asked one by one, outside any transaction, by whoever reads little and very often.

What the toolkit does to lend one out, to begin and to end costs several times such a question. They belong to nobody between two of
them, keep their plans on PostgreSQL, and are closed with their engine. There are as many as the engine itself keeps.
"""

import threading
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, Engine, QueuePool, event
from sqlalchemy.exc import DBAPIError

T = TypeVar("T")


class _Readers:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._idle: list[Connection] = []
        pool = engine.pool
        self.room = threading.BoundedSemaphore(pool.size() if isinstance(pool, QueuePool) else 1)

    def read(self, read: Callable[[Connection], T]) -> T:
        connection = self._taken()
        try:
            found = read(connection)
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return found

    def _taken(self) -> Connection:
        try:
            return self._idle.pop()
        except IndexError:
            return self._opened()

    def _opened(self) -> Connection:
        connection = self._engine.connect()
        if self._engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()
        return connection

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()


_of_engine: dict[Engine, _Readers] = {}


def read_on(engine: Engine, read: Callable[[Connection], T], otherwise: Callable[[], T]) -> T:
    """What `read` finds; `otherwise`, where all are in use.

    A server that was started anew has ended them all: it is then asked once more.
    """
    readers = _of_engine.get(engine) or _of_engine.setdefault(engine, _Readers(engine))
    if not readers.room.acquire(blocking=False):
        return otherwise()
    try:
        return readers.read(read)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        readers.close()
        return readers.read(read)
    finally:
        readers.room.release()


@event.listens_for(Engine, "engine_disposed")
def _close(engine: Engine) -> None:
    readers = _of_engine.pop(engine, None)
    if readers:
        readers.close()
