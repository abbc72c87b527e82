"""Static files under a name that changes with their content, so that browsers may keep them for a year."""

import gzip
import hashlib
import mimetypes
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path

import brotli
from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    has_request_context,
    request,
    send_from_directory,
    url_for,
)
from werkzeug.security import safe_join

from crowd.web.accent import accent_css
from crowd.web.access import public

bp = Blueprint("assets", __name__)
PACKED = (".css", ".js", ".svg")
PACKERS: dict[str, Callable[[bytes], bytes]] = {"br": brotli.compress, "gzip": partial(gzip.compress, mtime=0)}
YEAR = 365 * 24 * 3600


def configure(app: Flask, folder: Path) -> None:
    """One build id for the whole folder, in the path: relative imports in modules and style sheets stay right."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    app.config["ASSETS"] = (digest.hexdigest()[:12], folder)
    app.register_blueprint(bp)


def asset(filename: str) -> str:
    """The address of a static file; put together here, because every page names ten."""
    root = request.script_root if has_request_context() else ""
    return f"{root}/static/{current_app.config['ASSETS'][0]}/{filename}"


@bp.get("/static/<build>/<path:filename>")
@public
def file(build: str, filename: str) -> Response:
    current, folder = current_app.config["ASSETS"]
    encoding = request.accept_encodings.best_match(PACKERS) if filename.endswith(PACKED) else None
    response = _packed_file(folder, filename, encoding) if encoding else send_from_directory(folder, filename)
    response.cache_control.max_age = YEAR if build == current else 60
    response.cache_control.no_cache = None
    if build == current:
        response.cache_control.immutable = True
        response.cache_control.public = True
    if filename.endswith(".svg"):
        response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response


def _packed_file(folder: Path, filename: str, encoding: str) -> Response:
    """A text file packed as tightly as can be: done once, so the time it takes does not matter."""
    path = safe_join(str(folder), filename)
    if path is None or not Path(path).is_file():
        abort(404)
    body = _packed(path, Path(path).stat().st_mtime_ns, encoding)
    response = Response(body, mimetype=mimetypes.guess_type(filename)[0])
    response.content_encoding = encoding
    response.vary.add("Accept-Encoding")
    return response


@lru_cache(maxsize=256)
def _packed(path: str, _changed: int, encoding: str) -> bytes:
    return PACKERS[encoding](Path(path).read_bytes())


@lru_cache(maxsize=512)
def _accent(colour: str) -> tuple[str, str]:
    """The stylesheet of a brand colour and the name that changes with it. ValueError for anything but six hex digits."""
    css = accent_css(f"#{colour}")
    return hashlib.sha256(css.encode()).hexdigest()[:12], css


def accent_url(colour: str) -> str | None:
    """Where the accent of an organization (`#rrggbb`) is; None for an organization without one."""
    if not colour:
        return None
    digits = colour.removeprefix("#").lower()
    return url_for("assets.accent", digest=_accent(digits)[0], colour=digits)


@bp.get("/accent/<digest>/<colour>.css")
@public
def accent(digest: str, colour: str) -> Response:
    try:
        current, css = _accent(colour)
    except ValueError:
        abort(404)
    response = Response(css, mimetype="text/css")
    response.cache_control.max_age = YEAR if digest == current else 60
    response.cache_control.immutable = digest == current
    response.cache_control.public = True
    return response
