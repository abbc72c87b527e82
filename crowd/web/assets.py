"""Static files under a name that changes with their content, so that browsers may keep them for a year."""

import hashlib
from functools import lru_cache
from pathlib import Path

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

from crowd.web.accent import accent_css
from crowd.web.access import public

bp = Blueprint("assets", __name__)
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
    response = send_from_directory(folder, filename, max_age=YEAR if build == current else 60)
    if build == current:
        response.cache_control.immutable = True
        response.cache_control.public = True
    if filename.endswith(".svg"):
        response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response


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
