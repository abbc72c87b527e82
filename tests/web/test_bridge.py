"""Between the web server and the application: what arrives in a request, and what is sent, at once or piece by piece."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]

from crowd.web.bridge import SMALL, Bridge, environ_of
from crowd.web.incoming import MOST_SWALLOWED

MOST = 4 * SMALL
Start = Callable[[str, list[tuple[str, str]]], object]


class Fields:
    """Headers as the server gives them: names in small letters, each as often as it came."""

    def __init__(self, *pairs: tuple[str, str]) -> None:
        self._pairs = pairs

    def items(self) -> list[tuple[str, str]]:
        return list(self._pairs)

    def get(self, name: str, default: str | None = None) -> str | None:
        return dict(self._pairs).get(name, default)

    def __contains__(self, name: str) -> bool:
        return name in dict(self._pairs)


@dataclass
class Scope:
    headers: Fields = field(default_factory=Fields)
    method: str = "POST"
    path: str = "/calls/ñ"
    query_string: str = "q=%20"
    server: str = "127.0.0.1:5000"
    client: str = "192.0.2.7:41000"
    scheme: str = "http"
    http_version: str = "1.1"


@dataclass
class Protocol:
    """The server's side of one request. `leaves_after`: pieces after which whoever asked is gone."""

    body: list[bytes] = field(default_factory=list)
    leaves_after: int = 1_000_000
    sent: list[bytes] = field(default_factory=list)
    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    read: int = 0

    async def __call__(self) -> bytes:
        return b"".join([piece async for piece in self])

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.body:
            self.read += len(piece)
            yield piece

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers = status, headers
        self.sent.append(body)

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        self.status, self.headers = status, headers

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> "Protocol":
        self.status, self.headers = status, headers
        return self

    async def send_bytes(self, data: bytes) -> None:
        if len(self.sent) == self.leaves_after:
            raise ProtocolClosed
        self.sent.append(data)


def ask(wsgi: Callable[[dict[str, Any], Start], Iterable[bytes]], scope: Scope, protocol: Protocol) -> Protocol:
    """In a thread of its own: that of the browser tests has a loop already."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, Bridge(wsgi, 2, MOST).__rsgi__(scope, protocol)).result(60)
    return protocol


def echo(environ: dict[str, Any], start: Start) -> list[bytes]:
    body = environ["wsgi.input"].read()
    start("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def test_a_request_is_as_the_standard_wants_it() -> None:
    environ = environ_of(
        Scope(Fields(("host", "example.org"), ("content-type", "text/plain"), ("content-length", "3"))), BytesIO(b"abc")
    )
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/calls/ñ"
    assert (environ["QUERY_STRING"], environ["REQUEST_METHOD"]) == ("q=%20", "POST")
    assert (environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"]) == ("text/plain", "3")
    assert (environ["HTTP_HOST"], environ["REMOTE_ADDR"]) == ("example.org", "192.0.2.7")
    assert (environ["SERVER_NAME"], environ["SERVER_PORT"]) == ("127.0.0.1", "5000")
    assert environ["wsgi.input"].read() == b"abc"


def test_a_name_with_an_underscore_does_not_pass_for_one_with_a_hyphen() -> None:
    """Whoever sends it past a proxy would choose their own address."""
    fields = Fields(("x-forwarded-for", "192.0.2.1"), ("x_forwarded_for", "203.0.113.9"), ("content_length", "9"))
    environ = environ_of(Scope(fields), BytesIO())
    assert environ["HTTP_X_FORWARDED_FOR"] == "192.0.2.1"
    assert "CONTENT_LENGTH" not in environ


def test_a_header_that_came_twice_is_one() -> None:
    fields = Fields(("accept", "a"), ("cookie", "a=1"), ("accept", "b"), ("cookie", "b=2"))
    environ = environ_of(Scope(fields), BytesIO())
    assert (environ["HTTP_ACCEPT"], environ["HTTP_COOKIE"]) == ("a,b", "a=1; b=2")


def test_an_address_of_the_newer_kind_is_written_without_brackets() -> None:
    assert environ_of(Scope(client="[2001:db8::1]:41000"), BytesIO())["REMOTE_ADDR"] == "2001:db8::1"


@pytest.mark.parametrize("size", [0, 3, SMALL, SMALL + 1, MOST])
def test_a_body_arrives_whole(size: int) -> None:
    piece = b"x" * (SMALL // 3)
    body = [(piece * 13)[start : min(start + len(piece), size)] for start in range(0, size, len(piece))]
    found = ask(echo, Scope(Fields(("content-length", str(size)))), Protocol(body))
    assert (found.status, b"".join(found.sent)) == (200, b"x" * size)


def test_of_too_large_a_body_nothing_more_is_kept_and_in_the_end_nothing_read() -> None:
    piece = b"x" * SMALL
    found = ask(echo, Scope(Fields(("content-length", str(6 * SMALL)))), Protocol([piece] * 6))
    assert (found.read, len(b"".join(found.sent))) == (6 * SMALL, MOST)
    endless = ask(echo, Scope(Fields(("content-length", str(400 * SMALL)))), Protocol([piece] * 400))
    assert endless.read == MOST_SWALLOWED + SMALL


@pytest.mark.parametrize("came", [0, 1, 3])
def test_of_a_body_that_broke_off_the_application_hears_nothing(came: int) -> None:
    """It would take the half for the whole."""
    fields = Fields(("content-length", str(3 * SMALL + 1)))
    found = ask(echo, Scope(fields), Protocol([b"x" * SMALL] * came))
    assert (found.status, found.sent) == (0, [])


def test_a_body_of_unknown_length_is_refused() -> None:
    found = ask(echo, Scope(Fields(("transfer-encoding", "chunked"))), Protocol([b"a=b"]))
    assert (found.status, found.read) == (411, 0)


class Pieces:
    """An answer that says when it is closed."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces, self.closed = pieces, False

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.pieces)

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    ("headers", "pieces", "sent"),
    [
        ([("Content-Length", "2")], [b"a", b"b"], [b"ab"]),
        ([], [b"a", b"", b"b"], [b"a", b"b"]),
        ([("Content-Length", str(SMALL + 1))], [b"a" * SMALL, b"b"], [b"a" * SMALL, b"b"]),
    ],
)
def test_what_is_small_is_sent_at_once_and_the_rest_piece_by_piece(
    headers: list[tuple[str, str]], pieces: list[bytes], sent: list[bytes]
) -> None:
    answer = Pieces(*pieces)

    def wsgi(_environ: dict[str, Any], start: Start) -> Pieces:
        start("203 Fine", headers)
        return answer

    found = ask(wsgi, Scope(), Protocol())
    assert (found.status, found.headers, found.sent, answer.closed) == (203, headers, sent, True)


def test_whoever_leaves_while_it_is_sent_ends_it() -> None:
    answer = Pieces(*[b"a"] * 9)

    def wsgi(_environ: dict[str, Any], start: Start) -> Pieces:
        start("200 OK", [])
        return answer

    found = ask(wsgi, Scope(), Protocol(leaves_after=2))
    assert (len(found.sent), answer.closed) == (2, True)


def test_an_application_that_fails_is_answered_for(capsys: pytest.CaptureFixture[str]) -> None:
    def wsgi(_environ: dict[str, Any], _start: Start) -> list[bytes]:
        raise ZeroDivisionError

    found = ask(wsgi, Scope(), Protocol())
    assert (found.status, found.sent) == (500, [])
    assert "ZeroDivisionError" in "".join(capsys.readouterr())
