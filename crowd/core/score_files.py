"""Scores as CSV, one review a line: proposal, reviewer, score."""

import csv
import math
from collections.abc import Iterator

from crowd.core.calibration import Scored

COLUMNS = ("proposal", "reviewer", "score")
LARGEST = 1e12


class ScoresFault(ValueError):
    """One line: the line in the file, and what is wrong there."""


def read_scores(text: bytes) -> list[Scored]:
    """Columns in any order, others beside them ignored. Raises ScoresFault."""
    lines = csv.reader(_text(text).splitlines(keepends=True), strict=True)
    head, found = None, []
    seen: dict[tuple[str, str], int] = {}
    try:
        for row in lines:
            if not any(cell.strip() for cell in row):
                continue
            if head is None:
                head = _head([cell.strip() for cell in row], lines.line_num)
                continue
            scored = _scored(row, head, lines.line_num)
            before = seen.setdefault((scored.proposal, scored.reviewer), lines.line_num)
            if before != lines.line_num:
                raise ScoresFault(f"line {lines.line_num}: this reviewer scored this proposal on line {before} already")
            found.append(scored)
    except csv.Error as error:
        raise ScoresFault(f"line {lines.line_num}: not CSV: {error}") from None
    if head is None:
        raise ScoresFault("line 1: the columns proposal, reviewer and score are needed")
    if not found:
        raise ScoresFault(f"line {lines.line_num}: no score in the file")
    return found


def _text(text: bytes) -> str:
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise ScoresFault(f"line {line}: the text is not UTF-8") from None


def _head(row: list[str], line: int) -> dict[str, int]:
    for name in COLUMNS:
        if row.count(name) != 1:
            fault = "is missing" if name not in row else "stands twice"
            raise ScoresFault(f"line {line}: the column {name!r} {fault}")
    return {name: row.index(name) for name in COLUMNS}


def _scored(row: list[str], head: dict[str, int], line: int) -> Scored:
    if len(row) <= max(head.values()):
        raise ScoresFault(f"line {line}: {len(row)} columns, not {max(head.values()) + 1}")
    cells = {name: row[place].strip() for name, place in head.items()}
    for name in _empty(cells):
        raise ScoresFault(f"line {line}: {name} is empty")
    try:
        score = float(cells["score"])
    except ValueError:
        score = math.nan
    if not abs(score) <= LARGEST:
        raise ScoresFault(f"line {line}: the score {cells['score']!r:.40} is not a number")
    return Scored(cells["proposal"], cells["reviewer"], score)


def _empty(cells: dict[str, str]) -> Iterator[str]:
    return (name for name in COLUMNS if not cells[name])
