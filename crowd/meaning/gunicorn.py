"""Configuration of the web server: each of its processes loads the model once it serves."""

from typing import Any

from crowd.meaning.encoder import warm


def post_worker_init(worker: Any) -> None:
    warm()
