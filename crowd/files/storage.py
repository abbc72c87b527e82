"""Where uploads lie: a folder beside the database, or the one that `file://…` names."""

import re
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import current_app

from crowd.config import Settings

_KEY = re.compile(r"[0-9a-f]{32}")


class FileStore:
    """Files by random keys; a key says nothing about its file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes) -> str:
        """Store and return the key. Seen whole or not at all."""
        key = secrets.token_hex(16)
        path = self.path(key)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(".part")
        fresh.write_bytes(data)
        fresh.rename(path)
        return key

    def path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(key)
        return self.folder / key[:2] / key

    def delete(self, key: str) -> None:
        self.path(key).unlink(missing_ok=True)


def upload_folder(settings: Settings) -> Path:
    return Path(unquote(urlsplit(settings.storage_url).path)) if settings.storage_url else settings.data / "uploads"


def file_store() -> FileStore:
    """The store of the current application."""
    return FileStore(upload_folder(current_app.extensions["settings"]))
