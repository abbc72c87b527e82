"""Tables for spreadsheets (CSV) in which nothing is ever computed, and from which every text can be read back."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

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


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([safe_cell(row.get(column)) for column in columns] for row in rows)
    return out.getvalue()


def csv_response(filename: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Response:
    """`filename` is ours, not of people."""
    response = Response(csv_text(columns, rows), mimetype="text/csv", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
