"""The blueprint of credentials; what wallets and verifiers read may be read from any site."""

import json
from typing import Any

from flask import Blueprint, Response

bp = Blueprint("credentials", __name__)


def open_data(body: str, media_type: str, *, seconds: int = 0) -> Response:
    """Public data for other sites' scripts, kept by others for at most this long."""
    response = Response(body, mimetype=media_type)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = f"public, max-age={seconds}" if seconds else "public, no-cache"
    return response


def open_json(data: Any, *, media_type: str = "application/json", seconds: int = 0) -> Response:
    return open_data(json.dumps(data, ensure_ascii=False, indent=1) + "\n", media_type, seconds=seconds)
