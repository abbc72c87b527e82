"""A bridge from the web server's own interface (granian's RSGI) to WSGI (PEP 3333).

Its own WSGI would give a thread to whoever sends a body slowly, and take a header `X_Forwarded_For` for the proxy's `X-Forwarded-For`. Here
a body is read whole before it takes a thread, and a name with an underscore, which no browser and no proxy sends, is dropped.
"""

import asyncio
import math
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import structlog
from granian.rsgi import ProtocolClosed, ProtocolError  # type: ignore[attr-defined]

from crowd.web.incoming import MOST_SWALLOWED

log = structlog.get_logger()
Headers = list[tuple[str, str]]

SMALL = 1024 * 1024
"""Bytes of a body that is held in memory and sent at once; a larger one goes by a file, and piece by piece."""

JOINED = {"cookie": "; "}
UNANNOUNCED = b"Say how long the body is: without its length nobody can tell whether it came whole.\n"


class Bridge:
    """`threads` requests at a time."""

    def __init__(self, wsgi: Callable[..., Iterable[bytes]], threads: int, most: int) -> None:
        self._wsgi = wsgi
        self._threads = ThreadPoolExecutor(threads)
        self._most = most

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        if "transfer-encoding" in scope.headers:
            protocol.response_bytes(411, [("Content-Type", "text/plain; charset=utf-8")], UNANNOUNCED)
            return
        loop = asyncio.get_running_loop()
        answered = loop.create_future()
        with suppress(ProtocolClosed), await self._received(scope, protocol) as body:
            self._threads.submit(self._answer, environ_of(scope, body), protocol, loop, answered)
            await answered

    async def _received(self, scope: Any, protocol: Any) -> IO[bytes]:
        """What is more than anybody may send is read, so that the answer reaches whoever sends it, and not kept.

        Raises ProtocolClosed when less came than was announced: whoever sent it has left.
        """
        announced, size = int(scope.headers.get("content-length", "0")), 0
        if announced <= SMALL:
            return BytesIO(await protocol() if announced else b"")
        body = SpooledTemporaryFile(SMALL)  # noqa: SIM115 (closed by whoever gets it)
        async for piece in protocol:
            size += len(piece)
            if size <= self._most:
                body.write(piece)
            elif size > MOST_SWALLOWED:
                break
        if size < min(announced, MOST_SWALLOWED):
            body.close()
            raise ProtocolClosed
        body.seek(0)
        return body

    def _answer(
        self, request: dict[str, Any], protocol: Any, loop: asyncio.AbstractEventLoop, answered: asyncio.Future[None]
    ) -> None:
        """In a thread, which sends what is small itself."""
        try:
            self._call(request, protocol, loop)
        except Exception:
            log.exception("unanswered")
            with suppress(ProtocolClosed, ProtocolError):
                protocol.response_empty(500, [])
        finally:
            loop.call_soon_threadsafe(answered.set_result, None)

    def _call(self, request: dict[str, Any], protocol: Any, loop: asyncio.AbstractEventLoop) -> None:
        told: list[tuple[int, Headers]] = []

        def start(line: str, headers: Headers, _fault: Any = None) -> None:
            told[:] = [(int(line.split(" ", 1)[0]), headers)]

        pieces = self._wsgi(request, start)
        try:
            ((status, headers),) = told
            if _size(headers) <= SMALL:
                protocol.response_bytes(status, headers, b"".join(pieces))
            else:
                with suppress(ProtocolClosed):  # whoever asked has left
                    _stream(loop, protocol, status, headers, pieces)
        finally:
            close = getattr(pieces, "close", None)
            if close:
                close()


def _size(headers: Headers) -> float:
    return next((int(value) for name, value in headers if name.lower() == "content-length"), math.inf)


def _stream(
    loop: asyncio.AbstractEventLoop, protocol: Any, status: int, headers: Headers, pieces: Iterable[bytes]
) -> None:
    """Waits with each piece until there is room for it."""

    async def begin() -> Any:
        return protocol.response_stream(status, headers)

    async def send(piece: bytes) -> None:
        await line.send_bytes(piece)

    line = asyncio.run_coroutine_threadsafe(begin(), loop).result()
    for piece in pieces:
        if piece:
            asyncio.run_coroutine_threadsafe(send(piece), loop).result()


def environ_of(scope: Any, body: IO[bytes]) -> dict[str, Any]:
    """The request as PEP 3333 wants it. A header that came several times is one, as HTTP joins them (RFC 9110, 5.3; cookies RFC 6265)."""
    host, _colon, port = scope.server.rpartition(":")
    environ = {
        **_SAME,
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
    }
    environ["HTTP_HOST"] = scope.headers.get("host", "")
    for name, value in scope.headers.items():
        if "_" not in name and name != "host":
            key = _key(name)
            environ[key] = f"{environ[key]}{JOINED.get(name, ',')}{value}" if key in environ else value
    return environ


@lru_cache(256)
def _key(name: str) -> str:
    key = name.upper().replace("-", "_")
    return key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"


_SAME = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}
