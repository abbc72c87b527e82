"""Page or data: what the client asked for."""

from typing import Any

from flask import Response, jsonify, request
from werkzeug.http import HTTP_STATUS_CODES


def wants_json() -> bool:
    if request.path.endswith(".json") or request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return (
        best == "application/json"
        and request.accept_mimetypes["application/json"] > request.accept_mimetypes["text/html"]
    )


def problem(status: int, detail: str | None, **more: Any) -> tuple[Response, int]:
    """A problem document (RFC 9457); `more`: members of our own."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "status": status,
        "title": HTTP_STATUS_CODES.get(status, "Error"),
    } | more
    if detail:
        body["detail"] = detail
    response = jsonify(body)
    response.mimetype = "application/problem+json"
    return response, status
