"""Several processes share the visitors, a process with more visitors than threads serves all of them, and none of them holds up the others."""

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


def test_whoever_sends_a_body_slowly_keeps_nobody_waiting(server: LiveServer) -> None:
    address = urlsplit(server.url)
    head = f"POST /sign-in HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: 1000\r\n\r\nemail="
    with ExitStack() as stack:
        for _ in range(VISITORS):
            slow = stack.enter_context(socket.create_connection((address.hostname, address.port)))
            slow.sendall(head.encode())
        line = stack.enter_context(closing(http.client.HTTPConnection(address.netloc, timeout=20)))
        assert [ask(line) for _ in range(5)] == [200] * 5


def test_a_request_that_names_no_host_is_refused(server: LiveServer) -> None:
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=20) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\n\r\n")
        assert line.recv(1000).startswith(b"HTTP/1.1 400 ")


def test_whoever_asks_for_the_head_gets_its_length_and_no_body(server: LiveServer) -> None:
    with closing(http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=20)) as line:
        line.request("HEAD", "/terms")
        answer = line.getresponse()
        assert (answer.status, answer.read()) == (200, b"")
        assert int(answer.headers["Content-Length"]) > 1000


def test_too_large_a_body_is_answered_in_words(server: LiveServer) -> None:
    with closing(http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)) as line:
        line.request("POST", "/sign-in", body=b"a" * 40_000_000, headers={"Content-Type": "text/plain"})
        assert line.getresponse().status == 413
        line.close()
        assert ask(line) == 200
