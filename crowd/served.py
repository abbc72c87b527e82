"""The application as the web server (granian) calls it: a bridge from its own interface, RSGI, to WSGI.

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
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]

from app import app
from crowd.config import Settings
from crowd.meaning.encoder import warm
from crowd.web.incoming import MOST_SWALLOWED

Headers = list[tuple[str, str]]
Answer = tuple[int, Headers, bytes | None]

SMALL = 1024 * 1024
"""Bytes of a body that is held in memory and sent at once; a larger one goes by a file, and piece by piece."""

JOINED = {"cookie": "; "}


class Bridge:
    """`threads` requests at a time."""

    def __init__(self, wsgi: Callable[..., Iterable[bytes]], threads: int, most: int) -> None:
        self._wsgi = wsgi
        self._threads = ThreadPoolExecutor(threads)
        self._most = most

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        loop = asyncio.get_running_loop()
        with SpooledTemporaryFile(SMALL) as body:
            await self._receive(scope, protocol, body)
            request = environ_of(scope, body)
            status, headers, whole = await loop.run_in_executor(self._threads, self._answer, request, protocol, loop)
        if whole is not None:
            protocol.response_bytes(status, headers, whole)

    async def _receive(self, scope: Any, protocol: Any, body: IO[bytes]) -> None:
        """What is more than anybody may send is read, so that the answer reaches whoever sends it, and not kept."""
        if "content-length" not in scope.headers and "transfer-encoding" not in scope.headers:
            return
        size = 0
        async for piece in protocol:
            size += len(piece)
            if size <= self._most:
                body.write(piece)
            elif size > MOST_SWALLOWED:
                break
        body.seek(0)

    def _answer(self, request: dict[str, Any], protocol: Any, loop: asyncio.AbstractEventLoop) -> Answer:
        """In a thread. None in place of what was sent piece by piece."""
        told: list[tuple[int, Headers]] = []

        def start(line: str, headers: Headers, _fault: Any = None) -> None:
            told[:] = [(int(line.split(" ", 1)[0]), headers)]

        pieces = self._wsgi(request, start)
        (status, headers), whole = told[0], None
        try:
            if _size(headers) <= SMALL:
                whole = b"".join(pieces)
            else:
                with suppress(ProtocolClosed):  # whoever asked has left
                    _stream(loop, protocol, status, headers, pieces)
        finally:
            close = getattr(pieces, "close", None)
            if close:
                close()
        return status, headers, whole


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
settings: Settings = app.extensions["settings"]
bridge = Bridge(app, settings.threads, app.config["MAX_CONTENT_LENGTH"])
warm()
