"""The web server's worker and its configuration: each process loads the model once it serves, and takes its share of the connections.

Whoever wakes first would accept a whole burst of connections, and keep them: one process then works alone while the others wait. And after
each answer the connection would go back to the main thread, to be handed to another thread with its next request: a fifth of the work.
"""

import mmap
import select
import selectors
import socket
import threading
import time
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from crowd.meaning.encoder import warm

MOST_WORKERS = 64
NOBODY = 2**16 - 1
COURTESY = 0.001
MOST_COURTEOUS = 5
"""Seconds that the busier of two leaves a connection to the other, for each connection that it holds more; then it takes it itself."""

PATIENCE = 10
"""Milliseconds that a thread waits for the next request of whom it has just answered, while nobody else waits for a thread."""

worker_class = "crowd.worker.Worker"
loads = memoryview(mmap.mmap(-1, 2 * MOST_WORKERS)).cast("H")
"""How many connections each worker holds, in memory that all share, written by it alone."""
loads[:] = memoryview(NOBODY.to_bytes(2, "little") * MOST_WORKERS).cast("H")


class Worker(ThreadWorker):  # type: ignore[misc]
    """Leaves a connection to a worker that holds fewer, and stays with whom it has answered for a moment."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._free = threading.BoundedSemaphore(self.cfg.threads - 1)

    def accept(self, listener: socket.socket) -> None:
        time.sleep(COURTESY * min(max(0, self.nr_conns - min(loads)), MOST_COURTEOUS))
        super().accept(listener)
        self._tell()

    def enqueue_req(self, conn: TConn) -> None:
        """Whoever connects and says nothing yet, as browsers do to be quicker later, takes no thread from others."""
        if conn.initialized or conn.data_ready:
            super().enqueue_req(conn)
            return
        conn.sock.setblocking(False)
        conn.set_timeout()
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        self._tell()
        super().wait_for_and_dispatch_events(timeout)

    def _tell(self) -> None:
        loads[_place(self)] = min(self.nr_conns, NOBODY - 1)

    def handle(self, conn: TConn) -> Any:
        kept = super().handle(conn)
        while kept is True and self._asks_again(conn):
            kept = super().handle(conn)
        return kept

    def _asks_again(self, conn: TConn) -> bool:
        """Whether its next request has come. One thread at least stays free for others."""
        if not self.alive or conn.is_http2 or self.tpool._work_queue.qsize():  # noqa: SLF001 (it has no other way)
            return False
        if not self._free.acquire(blocking=False):
            return False
        try:
            waiting = select.poll()
            waiting.register(conn.sock, select.POLLIN)
            return bool(waiting.poll(PATIENCE))
        finally:
            self._free.release()


def post_worker_init(worker: Any) -> None:
    warm()


def child_exit(_server: Any, worker: Any) -> None:
    loads[_place(worker)] = NOBODY


def _place(worker: Any) -> int:
    """By its age, a number that no worker had before."""
    return int(worker.age) % MOST_WORKERS
