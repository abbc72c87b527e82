"""Absolute addresses for mails and files: always from BASE_URL, never from the request."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from werkzeug.routing import BuildError

from crowd.config import Settings


def absolute_link(path: str) -> str:
    """`/calls` as `https://site.example/calls`. `path` begins with a slash."""
    settings: Settings = current_app.extensions["settings"]
    return f"{settings.base_url}{path}"


def absolute_url(endpoint: str, **values: Any) -> str:
    """The absolute address of a page, also outside of a request (jobs, terminal)."""
    settings: Settings = current_app.extensions["settings"]
    site = urlsplit(settings.base_url)
    adapter = current_app.url_map.bind(site.netloc, script_name=f"{site.path}/", url_scheme=site.scheme)
    try:
        return adapter.build(endpoint, values, force_external=True)
    except BuildError as error:
        return absolute_link(current_app.handle_url_build_error(error, endpoint, values))


def safe_next(target: str | None, default: str = "/") -> str:
    """A path of this site to go on to; anything else (other hosts, `//host`, backslashes, control signs) becomes `default`."""
    if not target or len(target) > 300 or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    return default if any(sign < " " or sign in {"\\", "\x7f"} for sign in target) else target
