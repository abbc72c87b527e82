"""All that is kept about oneself, as a ZIP file with each table as JSON and as CSV, and with one's own files."""

import json
import re
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import IO, Any

from flask import Response, current_app, render_template
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.files.storage import Missing, file_store
from crowd.privacy.queries.record import Part, files_of, parts_of
from crowd.privacy.views.blueprint import bp, own_account
from crowd.store.db import db, transaction, utc_now
from crowd.store.events import record
from crowd.web.access import requires
from crowd.web.sheets import csv_pieces

CHUNK = 256 * 1024
_STRANGE = re.compile(r"[^\w.\- ]+")


@bp.get("/settings/data")
@requires(Permission.SIGNED_IN)
def data() -> str:
    return render_template("privacy/data.html", account=own_account())


@bp.get("/settings/data.zip")
@requires(Permission.SIGNED_IN)
def download() -> Response:
    """By way of a file on the disk without a name, so that memory does not grow with what there is."""
    account, folder = own_account(), Path(current_app.extensions["settings"].data)
    readme = render_template("privacy/readme.txt", account=account)
    book = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (closed when it was sent)
    write_record(db.session(), account, readme, book)
    with transaction() as session:
        record(session, EventKind.ACCOUNT_DATA_EXPORTED, now=utc_now(), actor_id=account.id, subject_id=account.id)
    response = Response(_sent(book), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="my-data-{utc_now():%Y-%m-%d}.zip"'
    response.headers["Cache-Control"] = "no-store"
    response.content_length = book.tell()
    book.seek(0)
    return response


def _sent(book: IO[bytes]) -> Iterator[bytes]:
    with book:
        while piece := book.read(CHUNK):
            yield piece


def write_record(session: Session, account: Account, readme: str, book: IO[bytes]) -> None:
    """Every part, also an empty one: that nothing is kept is an answer, too."""
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", readme)
        for part in parts_of(account):
            _write_part(session, part, archive)
        for name, key in files_of(session, account):
            _write_file(archive, f"files/{_STRANGE.sub('_', name)}", key)


def _write_part(session: Session, part: Part, archive: zipfile.ZipFile) -> None:
    """JSON for programs, row by row; the same rows as CSV for people."""
    columns = [column.key or "" for column in part.rows.selected_columns]
    with archive.open(f"{part.name}.json", "w") as entry:
        entry.write(b"[")
        for number, row in enumerate(part.read(session)):
            text = json.dumps({key: _plain(value) for key, value in row.items()}, ensure_ascii=False)
            entry.write(f"{',' if number else ''}\n{text}".encode())
        entry.write(b"\n]\n")
    rows = ({key: _cell(value) for key, value in row.items()} for row in part.read(session))
    with archive.open(f"{part.name}.csv", "w") as entry:
        for piece in csv_pieces(columns, rows):
            entry.write(piece.encode())


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _cell(value: Any) -> Any:
    plain = _plain(value)
    return json.dumps(plain, ensure_ascii=False) if isinstance(plain, dict | list) else plain


def _write_file(archive: zipfile.ZipFile, name: str, key: str) -> None:
    try:
        pieces = file_store().read(key)
    except Missing:
        return
    with archive.open(name, "w") as entry:
        for piece in pieces:
            entry.write(piece)
