"""Where uploads lie, behind one port: a folder beside the database or the one `file://…` names, or a bucket that speaks S3.

`s3://bucket/prefix?endpoint=https://…&region=…`; the keys come from where boto3 looks for them (environment, role), or stand
in the address as `s3://key:secret@bucket/…`.
"""

import io
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from flask import current_app

from crowd.config import Settings
from crowd.files.checking import CheckedFile

_KEY = re.compile(r"[0-9a-f]{32}")
PIECE = 64 * 1024


class Missing(Exception):
    """There is no file of this key."""


class FileStore(Protocol):
    """Files by random keys; a key says nothing about its file. A key that is none of ours is a ValueError."""

    def put(self, data: bytes | BinaryIO) -> str:
        """Store and return the key. Seen whole or not at all."""
        ...

    def read(self, key: str) -> Iterator[bytes]:
        """The file in pieces. Raises Missing before the first."""
        ...

    def delete(self, key: str) -> None:
        """Nothing happens when it is not there."""
        ...

    def stored(self) -> Iterator[tuple[str, datetime]]:
        """Every file with the time it was stored."""
        ...


def with_preview(checked: CheckedFile, store: FileStore) -> CheckedFile:
    """The file with its preview stored, if it has one."""
    return replace(checked, preview_key=store.put(checked.preview)) if checked.preview else checked


def whole(store: FileStore, key: str) -> bytes:
    return b"".join(store.read(key))


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise ValueError(key)
    return key


class FolderStore:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes | BinaryIO) -> str:
        key = secrets.token_hex(16)
        path = self.path(key)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(".part")
        with fresh.open("wb") as file:
            shutil.copyfileobj(_stream(data), file, PIECE)
        fresh.rename(path)
        return key

    def path(self, key: str) -> Path:
        return self.folder / key[:2] / _checked(key)

    def read(self, key: str) -> Iterator[bytes]:
        try:
            file = self.path(key).open("rb")
        except FileNotFoundError as error:
            raise Missing(key) from error
        return _pieces(file)

    def delete(self, key: str) -> None:
        self.path(key).unlink(missing_ok=True)

    def stored(self) -> Iterator[tuple[str, datetime]]:
        for path in sorted(self.folder.glob("??/*")):
            if _KEY.fullmatch(path.name):
                yield path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC)


class BucketStore:
    """A bucket that speaks S3. Uploads and downloads are streamed; large ones go up in parts."""

    def __init__(self, client: Any, bucket: str, prefix: str) -> None:
        self._client, self._bucket, self._prefix = client, bucket, f"{prefix}/" if prefix else ""

    def put(self, data: bytes | BinaryIO) -> str:
        key = secrets.token_hex(16)
        self._client.upload_fileobj(_stream(data), self._bucket, self._name(key))
        return key

    def read(self, key: str) -> Iterator[bytes]:
        try:
            body = self._client.get_object(Bucket=self._bucket, Key=self._name(key))["Body"]
        except self._client.exceptions.NoSuchKey as error:
            raise Missing(key) from error
        return _pieces(body)

    def delete(self, key: str) -> None:
        self._client.delete_object(Bucket=self._bucket, Key=self._name(key))

    def stored(self) -> Iterator[tuple[str, datetime]]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix)
        for item in (item for page in pages for item in page.get("Contents", ())):
            key = item["Key"].removeprefix(self._prefix)
            if _KEY.fullmatch(key):
                yield key, item["LastModified"]

    def _name(self, key: str) -> str:
        return f"{self._prefix}{_checked(key)}"


def _stream(data: bytes | BinaryIO) -> BinaryIO:
    return io.BytesIO(data) if isinstance(data, bytes) else data


def _pieces(file: Any) -> Iterator[bytes]:
    """The file is open already, so that a missing one is known before the answer begins."""
    with closing(file):
        while piece := file.read(PIECE):
            yield piece


def upload_folder(settings: Settings) -> Path:
    address = settings.storage_url
    return Path(unquote(urlsplit(address).path)) if address.startswith("file:") else settings.data / "uploads"


def store_of(settings: Settings) -> FileStore:
    if settings.storage_url.startswith("s3:"):
        return _bucket(settings.storage_url)
    return FolderStore(upload_folder(settings))


@lru_cache(maxsize=8)
def _bucket(address: str) -> BucketStore:
    import boto3  # noqa: PLC0415 (heavy, and only for those who store in a bucket)
    from botocore.config import Config  # noqa: PLC0415

    parts = urlsplit(address)
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    key, secret = (unquote(part) if part else None for part in (parts.username, parts.password))
    client = boto3.client(
        "s3",
        endpoint_url=asked.get("endpoint"),
        region_name=asked.get("region", "us-east-1"),
        config=Config(connect_timeout=5, read_timeout=30, retries={"max_attempts": 3}, s3={"addressing_style": "path"}),
        aws_access_key_id=key,
        aws_secret_access_key=secret,
    )
    return BucketStore(client, parts.hostname or "", parts.path.strip("/"))


def folder_fault(folder: Path) -> str | None:
    """What keeps files from being stored in `folder`, or it from being made; nothing is left there. None when all is well."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            return None
    except OSError as error:
        return f"{there}: {error.strerror}"


def bucket_fault(settings: Settings) -> str | None:
    """What keeps a file from being stored, read and deleted there; None when all of it works."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    store = store_of(settings)
    try:
        key = store.put(b"written by flask doctor")
        fault = None if whole(store, key) == b"written by flask doctor" else "what was stored comes back changed"
        store.delete(key)
    except (OSError, BotoCoreError, ClientError, Missing) as error:
        return str(error)
    return fault


def storage_fault(settings: Settings) -> str | None:
    """What keeps uploads from being stored. Makes no folder: whoever asks need not be who stores."""
    return bucket_fault(settings) if settings.storage_url.startswith("s3:") else folder_fault(upload_folder(settings))


def shown_address(settings: Settings) -> str:
    """Where it is, without the secret of the address."""
    parts = urlsplit(settings.storage_url)
    if parts.scheme != "s3":
        return str(upload_folder(settings))
    return f"s3://{parts.hostname}{parts.path}"


def file_store() -> FileStore:
    """The store of the current application."""
    return store_of(current_app.extensions["settings"])


@contextmanager
def stored(files: Sequence[CheckedFile]) -> Iterator[list[tuple[CheckedFile, str]]]:
    """Files with their keys; taken away again when the transaction within fails."""
    store = file_store()
    kept = [(with_preview(checked, store), store.put(checked.data)) for checked in files]
    try:
        yield kept
    except BaseException:
        for checked, key in kept:
            store.delete(key)
            if checked.preview_key:
                store.delete(checked.preview_key)
        raise
