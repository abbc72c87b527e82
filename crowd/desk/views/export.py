"""Taking the table out of the product: CSV, XLSX, and a ZIP with all files. Written in pieces, read in pieces."""

import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from flask import Response, current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.permissions import Permission
from crowd.desk.actions import note_export
from crowd.desk.commands import Column
from crowd.desk.queries.export import Line, Sheet, export_lines
from crowd.desk.views.asked import Asked, asked_of
from crowd.desk.views.blueprint import bp
from crowd.files.storage import FileStore, Missing, file_store
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, allowed, current_actor
from crowd.web.sheets import csv_pieces, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHUNK = 256 * 1024
_STRANGE = re.compile(r"[^\w.\- ]+")


@bp.get("/calls/<public_id>/desk/proposals.<any(csv, xlsx, zip):kind>")
@call_gate.requires(Permission.DESK_VIEW)
def export(found: Found[Call], kind: str) -> Response:
    """All that the address's filters find."""
    asked, name = asked_of(found), f"proposals-{found.row.public_id}"
    sheet = _sheet(found, asked)
    with transaction() as session:
        note_export(session, found.row, kind, actor=current_actor(), now=utc_now())
    return WRITERS[kind](name, sheet, _lines(db.engine, asked, sheet))


def _lines(engine: Engine, asked: Asked, sheet: Sheet) -> Iterator[Line]:
    """Read in a session of its own, because an export lasts longer than its request."""
    with Session(engine) as session:
        yield from export_lines(session, asked.scope, asked.query, asked.sort, sheet)


def _sheet(found: Found[Call], asked: Asked) -> Sheet:
    return Sheet(
        cost=Column.COST in asked.columns,
        reviews=Column.REVIEWS in asked.columns,
        supports=Column.SUPPORTS in asked.columns,
        addresses=allowed(Permission.CALL_MANAGE, found.facts),
        questions=found.facts.rules.custom_fields,
    )


def _csv(name: str, sheet: Sheet, lines: Iterable[Line]) -> Response:
    pieces = csv_pieces(sheet.columns, (line.values for line in lines))
    return _streamed(pieces, f"{name}.csv", "text/csv; charset=utf-8")


def _xlsx(name: str, sheet: Sheet, lines: Iterable[Line]) -> Response:
    return _streamed(_book(current_app.extensions["settings"].data, sheet, lines), f"{name}.xlsx", XLSX)


def _book(folder: Path, sheet: Sheet, lines: Iterable[Line]) -> Iterator[bytes]:
    """By way of a file on the disk without a name, gone when it was sent."""
    with tempfile.TemporaryFile(dir=folder) as book:
        write_xlsx(book, folder, sheet.columns, (line.values for line in lines))
        book.seek(0)
        while data := book.read(CHUNK):
            yield data


def _zip(name: str, sheet: Sheet, lines: Iterable[Line]) -> Response:
    return _streamed(_zipped(sheet, lines, file_store()), f"{name}.zip", "application/zip")


WRITERS: dict[str, Callable[[str, Sheet, Iterable[Line]], Response]] = {"csv": _csv, "xlsx": _xlsx, "zip": _zip}


def _streamed(pieces: Iterable[Any], filename: str, kind: str) -> Response:
    response = Response(iter(pieces), content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


class _Pipe:
    """Where a ZIP file is written: a place that cannot be gone back in, emptied after each piece."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """What was written is taken, not kept."""

    def taken(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken


def _zipped(sheet: Sheet, lines: Iterable[Line], store: FileStore) -> Iterator[bytes]:
    """Every file in a folder of its proposal's number, and the table as `proposals.csv` at the end."""
    pipe = _Pipe()
    with tempfile.SpooledTemporaryFile(max_size=1024 * 1024, mode="w+", encoding="utf-8", newline="") as table:
        with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:

            def rows() -> Iterator[Any]:
                for line in lines:
                    held.append(line)
                    yield line.values

            held: list[Line] = []
            for text in csv_pieces(sheet.columns, rows()):
                table.write(text)
                for line in held:
                    yield from _files(archive, pipe, store, line)
                held.clear()
            table.seek(0)
            with archive.open("proposals.csv", "w") as entry:
                while text := table.read(CHUNK):
                    entry.write(text.encode())
                    yield pipe.taken()
        yield pipe.taken()


def _files(archive: zipfile.ZipFile, pipe: _Pipe, store: FileStore, line: Line) -> Iterator[bytes]:
    names: set[str] = set()
    for filename, key in line.files:
        try:
            pieces = store.read(key)
        except Missing:
            continue
        place = f"{line.values['number']}/{_free(_STRANGE.sub('_', filename).strip('. ') or 'file', names)}"
        with archive.open(place, "w") as entry:
            for data in pieces:
                entry.write(data)
                yield pipe.taken()
        yield pipe.taken()


def _free(name: str, taken: set[str]) -> str:
    """Two files of one proposal may be called alike."""
    fresh, number = name, 1
    while fresh in taken:
        number += 1
        fresh = f"{number}-{name}"
    taken.add(fresh)
    return fresh
