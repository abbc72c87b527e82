"""Handing out what people uploaded: streamed, as a download or a picture, never as something that can run here."""

from urllib.parse import quote

from flask import Response, abort, request

from crowd.files.pictures import PICTURES
from crowd.files.storage import Missing, file_store

SANDBOX = "default-src 'none'; sandbox"
PRIVATE = "private, no-cache"


def file_response(key: str, media_type: str, name: str, etag: str, *, cache: str = PRIVATE) -> Response:
    """The stored file; 404 where it is gone, 304 where the reader has it. Whether they may see it is asked before."""
    try:
        pieces = file_store().read(key)
    except Missing:
        abort(404)
    response = Response(pieces, mimetype=media_type)
    response.set_etag(etag)
    way = "inline" if media_type in PICTURES else "attachment"
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "'").replace("\\", "_")
    response.headers["Content-Disposition"] = f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = cache
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.make_conditional(request)
    return response
