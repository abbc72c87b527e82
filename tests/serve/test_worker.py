"""Several processes share the visitors, and a process with more visitors than threads serves all of them."""

import http.client
import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.serving import LiveServer, serve

pytestmark = pytest.mark.own_database
VISITORS = 16


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with serve(tmp_path_factory.mktemp("served"), workers="2", threads="2") as live:
        yield live


def connections(port: int) -> Counter[str]:
    """Process → how many visitors at this port it holds, from what the kernel tells."""
    held = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, here, _, state, *_, inode = line.split()[:10]
        if state == "01" and int(here.rpartition(":")[2], 16) == port:
            held.add(f"socket:[{inode}]")
    found: Counter[str] = Counter()
    for path in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if str(path.readlink()) in held:
                found[path.parts[2]] += 1
        except OSError:
            continue
    return found


def ask(connection: http.client.HTTPConnection) -> int:
    connection.request("GET", "/healthz")
    answer = connection.getresponse()
    answer.read()
    return answer.status


def burst(server: LiveServer) -> Counter[str]:
    """All visitors come at once, and stay: who holds how many."""
    address = urlsplit(server.url)
    assert address.port is not None
    with ExitStack() as stack:
        lines = [http.client.HTTPConnection(address.netloc, timeout=60) for _ in range(VISITORS)]
        for line in lines:
            stack.enter_context(closing(line))
        with ThreadPoolExecutor(VISITORS) as pool:
            assert list(pool.map(ask, lines)) == [200] * VISITORS
        return connections(address.port)


def test_a_burst_of_visitors_is_shared_by_both_processes(server: LiveServer) -> None:
    until = time.monotonic() + 60
    while len(burst(server)) < 2:  # the second process may still be starting
        assert time.monotonic() < until
    held = burst(server)
    assert (len(held), held.total()) == (2, VISITORS)
    assert min(held.values()) >= VISITORS // 5


def test_more_visitors_than_threads_are_all_served_again_and_again(server: LiveServer) -> None:
    """Also beside those who keep a connection and ask for nothing more."""
    address = urlsplit(server.url)
    with ExitStack() as stack:
        idle = [
            stack.enter_context(socket.create_connection((address.hostname, address.port))) for _ in range(VISITORS)
        ]
        lines = [http.client.HTTPConnection(address.netloc, timeout=60) for _ in range(VISITORS)]
        for line in lines:
            stack.enter_context(closing(line))
        begin = time.monotonic()
        for _ in range(5):
            assert [ask(line) for line in lines] == [200] * VISITORS
        with ThreadPoolExecutor(VISITORS) as pool:
            for _ in range(5):
                assert list(pool.map(ask, lines)) == [200] * VISITORS
        assert len(idle) == VISITORS
        assert time.monotonic() - begin < 60
