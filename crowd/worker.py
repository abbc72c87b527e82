"""The web server's worker and its configuration: each process loads the model once it serves, and takes its share of the connections.

Whoever wakes first would accept a whole burst of connections, and keep them: one process then works alone while the others wait.
"""

import mmap
import socket
import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from crowd.meaning.encoder import warm

MOST_WORKERS = 64
NOBODY = 2**16 - 1
COURTESY = 0.001
"""Seconds that the busier of two leaves a connection to the other, which wakes in less. Nobody waits for one who died."""

worker_class = "crowd.worker.Worker"
loads = memoryview(mmap.mmap(-1, 2 * MOST_WORKERS)).cast("H")
"""How many connections each worker holds, in memory that all share, written by it alone."""
loads[:] = memoryview(NOBODY.to_bytes(2, "little") * MOST_WORKERS).cast("H")


class Worker(ThreadWorker):  # type: ignore[misc] (the library has no types)
    """Leaves a connection to a worker that holds fewer."""

    def accept(self, listener: socket.socket) -> None:
        if self.nr_conns > min(loads):
            time.sleep(COURTESY)
        super().accept(listener)
        self._tell()

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        self._tell()
        super().wait_for_and_dispatch_events(timeout)

    def _tell(self) -> None:
        loads[_place(self)] = min(self.nr_conns, NOBODY - 1)


def post_worker_init(worker: Any) -> None:
    warm()


def child_exit(_server: Any, worker: Any) -> None:
    loads[_place(worker)] = NOBODY


def _place(worker: Any) -> int:
    """By its age, a number that no worker had before."""
    return int(worker.age) % MOST_WORKERS
