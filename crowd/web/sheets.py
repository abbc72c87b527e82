"""Tables for spreadsheets (CSV, XLSX) in which nothing is ever computed, and from which every text can be read back."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from flask import Response

ESCAPED = tuple("=+-@\t\r\n|%＝＋－＠'")
"""First signs of a cell that some spreadsheet runs as a formula, and the apostrophe that marks what was escaped."""


def safe_cell(value: Any) -> Any:
    """A text that a spreadsheet might compute gets an apostrophe in front; numbers stay numbers, None is empty."""
    if value is None:
        return ""
    if isinstance(value, str) and value.lstrip(" \u00a0").startswith(ESCAPED):
        return f"'{value}"
    return value


def plain_cell(cell: str) -> str:
    """The text that `safe_cell` was given."""
    return cell.removeprefix("'")


def typed_cell(cell: str) -> str:
    """The text that a cell stands for, whether `safe_cell` escaped it or a person began it with an apostrophe."""
    bare = cell.removeprefix("'")
    return bare if bare.lstrip(" \u00a0").startswith(ESCAPED) else cell


PIECE = 64 * 1024
LONGEST_CELL = 32_767
"""Characters that a cell of a workbook holds."""


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([safe_cell(row.get(column)) for column in columns] for row in rows)
    return out.getvalue()


def csv_pieces(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The same text row by row, for sheets of any length."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([safe_cell(row.get(column)) for column in columns])
        if out.tell() > PIECE:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def write_xlsx(target: IO[bytes], folder: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """A workbook with one sheet, row by row on the disk (`folder`, while it is written). A text is always a text cell, so nothing in it is ever computed; a
    number is a number. Texts longer than a cell may be are cut and end in an ellipsis.
    """
    with xlsxwriter.Workbook(target, {"constant_memory": True, "tmpdir": str(folder)}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column)
        for line, row in enumerate(rows, start=1):
            for place, column in enumerate(columns):
                _put(sheet, line, place, row.get(column))


def _put(sheet: Any, line: int, place: int, value: Any) -> None:
    if isinstance(value, int | float | Decimal):
        sheet.write_number(line, place, value)
    elif value is not None:
        text = str(value)
        sheet.write_string(line, place, text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…")


def csv_response(filename: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Response:
    """`filename` is ours, not of people."""
    response = Response(csv_text(columns, rows), mimetype="text/csv", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
