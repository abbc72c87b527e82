"""A table of proposals as text (CSV): every line becomes a proposal, or is named with what is wrong in which column."""

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crowd.core.fields import AnswerKind, CustomField, answer_part, number_of, read_answers, unready

MOST_BYTES = 20 * 1024 * 1024
MOST_LINES = 10_000
DELIMITERS = ",;\t"
LARGEST_COST = 2_000_000_000
NAMES: dict[str, tuple[str, ...]] = {
    "external_id": ("external_id", "id_externo"),
    "title": ("title", "titulo", "título"),
    "summary": ("summary", "resumen"),
    "text": ("text", "body", "texto"),
    "cost": ("cost", "costo", "coste"),
    "author": ("author", "author_name", "people", "autor", "autora", "nombre"),
    "email": ("email", "author_email", "lead_email", "correo"),
    "tags": ("tags", "etiquetas"),
    "language": ("language", "idioma"),
}
"""Columns by the words that may stand in the header; a custom field by its key, or by `answer_` and its key."""
LONGEST = {"external_id": 100, "title": 200, "summary": 600, "text": 20_000, "author": 120, "email": 254}
NEEDED = ("title", "summary", "text", "author")
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")


class SheetError(Exception):
    """The file as a whole cannot be read. `code` names the sentence."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.code, self.values = code, values


@dataclass(frozen=True)
class CellFault:
    """`line` as an editor counts it; `code` names the sentence, `values` fill it."""

    line: int
    column: str
    code: str
    values: tuple[tuple[str, str | int | date], ...] = ()


@dataclass(frozen=True)
class SheetRow:
    """One proposal. `external_id`: the file's own, or one made of what stands in the line."""

    line: int
    external_id: str
    title: str
    summary: str
    text: str
    author: str
    email: str = ""
    cost: int | None = None
    language: str = "en"
    tags: tuple[str, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """`rows` without a fault; `unknown`: columns that say nothing here; `lines`: of data in all."""

    rows: tuple[SheetRow, ...]
    faults: tuple[CellFault, ...]
    unknown: tuple[str, ...]
    lines: int

    @property
    def faulty_lines(self) -> int:
        return len({fault.line for fault in self.faults})


@dataclass(frozen=True)
class Expected:
    """What the call takes. `required`: questions that must be answered; `plain`: the text that an exported cell stands for."""

    fields: Sequence[CustomField]
    required: Sequence[CustomField]
    asks_cost: bool
    language: str
    languages: Sequence[str]
    most_tags: int
    longest_tag: int
    plain: Callable[[str], str] = str


def read_sheet(data: bytes, expected: Expected) -> Sheet:
    """Raises SheetError for what is no table of proposals at all."""
    if len(data) > MOST_BYTES:
        raise SheetError("sheet_too_large", most=MOST_BYTES // (1024 * 1024))
    lines = _lines(decoded(data))
    _line, header = next(lines, (1, []))
    columns, unknown = _columns([expected.plain(cell) for cell in header], expected)
    found = _Found(expected, columns, len(header))
    count = 0
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > MOST_LINES:
            raise SheetError("sheet_too_long", most=MOST_LINES)
        found.read(line, cells)
    if not count:
        raise SheetError("sheet_empty")
    return Sheet(tuple(found.rows), tuple(found.faults), unknown, count)


def decoded(data: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or what Windows writes."""
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise SheetError("sheet_encoding")


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it begins."""
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(DELIMITERS, key=lambda sign: _known_in(first, sign))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise SheetError("sheet_broken", line=begins) from None
        if cells or begins > 1:
            yield begins, cells
        begins = reader.line_num + 1


def _known_in(header: str, delimiter: str) -> tuple[int, int]:
    """How many names of columns a header has when it is parted by this sign, and in how many parts it falls."""
    try:
        cells = next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error:
        cells = []
    return sum(_folded(cell) in _ALIASES for cell in cells), len(cells)


_ALIASES = {alias: name for name, aliases in NAMES.items() for alias in aliases}


def _folded(cell: str) -> str:
    return re.sub(r"[\s-]+", "_", cell.strip().casefold())


def _columns(header: Sequence[str], expected: Expected) -> tuple[dict[int, str], tuple[str, ...]]:
    custom = {asked.key: answer_part(asked.key) for asked in expected.fields}
    known = {**custom, **{answer: answer for answer in custom.values()}, **_ALIASES}
    known |= {
        _folded(asked.label): answer_part(asked.key) for asked in expected.fields if _folded(asked.label) not in known
    }
    columns: dict[int, str] = {}
    unknown = []
    for place, cell in enumerate(header):
        name = known.get(_folded(cell))
        if name is None:
            unknown.append(cell.strip()[:60])
        elif name in columns.values():
            raise SheetError("sheet_column_twice", column=cell.strip()[:60])
        else:
            columns[place] = name
    if "title" not in columns.values():
        raise SheetError("sheet_no_title")
    return columns, tuple(name for name in unknown if name)


class _Found:
    """Rows and faults, line by line."""

    def __init__(self, expected: Expected, columns: Mapping[int, str], width: int) -> None:
        self.expected, self.columns, self.width = expected, columns, width
        self.rows: list[SheetRow] = []
        self.faults: list[CellFault] = []
        self.seen: dict[str, int] = {}

    def read(self, line: int, cells: Sequence[str]) -> None:
        before = len(self.faults)
        if any(cell.strip() for cell in cells[self.width :]):
            self._fault(line, "", "sheet_cells")
        given = {
            name: self.expected.plain(cells[place]).strip() if place < len(cells) else ""
            for place, name in self.columns.items()
        }
        row = self._row(line, {name: _clean(cell) for name, cell in given.items()})
        if row.external_id in self.seen:
            self._fault(line, "external_id", "sheet_line_twice", line=self.seen[row.external_id])
        self.seen.setdefault(row.external_id, line)
        if len(self.faults) == before:
            self.rows.append(row)

    def _row(self, line: int, given: Mapping[str, str]) -> SheetRow:
        for name in NEEDED:
            if not given.get(name):
                self._fault(line, name, "part_missing")
        for name, most in LONGEST.items():
            if len(given.get(name, "")) > most:
                self._fault(line, name, "answer_many_characters", most=most, count=len(given[name]))
        email = given.get("email", "")
        if email and not _EMAIL.fullmatch(email):
            self._fault(line, "email", "sheet_email")
        return SheetRow(
            line=line,
            external_id=given.get("external_id") or _made_id(given),
            title=" ".join(given.get("title", "").split()),
            summary=given.get("summary", ""),
            text=given.get("text", ""),
            author=" ".join(given.get("author", "").split()),
            email=email,
            cost=self._cost(line, given.get("cost", "")),
            language=self._language(line, given.get("language", "")),
            tags=self._tags(line, given.get("tags", "")),
            answers=self._answers(line, given),
        )

    def _cost(self, line: int, text: str) -> int | None:
        if not self.expected.asks_cost:
            return None
        if not text:
            self._fault(line, "cost", "part_missing")
            return None
        number = number_of(text, 0)
        if number is None or number != number.to_integral_value() or not 0 <= number <= LARGEST_COST:
            self._fault(line, "cost", "sheet_cost")
            return None
        return int(number)

    def _language(self, line: int, text: str) -> str:
        if text and text.lower() not in self.expected.languages:
            self._fault(line, "language", "answer_not_offered", value=text[:40])
        return text.lower() or self.expected.language

    def _tags(self, line: int, text: str) -> tuple[str, ...]:
        words = (" ".join(part.strip().lstrip("#").split()).lower() for part in re.split(r"[,;\n]", text))
        tags = tuple(sorted({word for word in words if word}))
        if len(tags) > self.expected.most_tags:
            self._fault(line, "tags", "answer_many_choices", most=self.expected.most_tags, count=len(tags))
        for tag in tags:
            if len(tag) > self.expected.longest_tag:
                self._fault(line, "tags", "answer_many_characters", most=self.expected.longest_tag, count=len(tag))
        return tags

    def _answers(self, line: int, given: Mapping[str, str]) -> dict[str, Any]:
        raw = {
            asked.key: given[answer_part(asked.key)]
            for asked in self.expected.fields
            if answer_part(asked.key) in given
        }
        files = {asked.key for asked in self.expected.fields if asked.kind is AnswerKind.FILE}
        reading = read_answers(self.expected.fields, {key: cell for key, cell in raw.items() if key not in files})
        answers = {key: answer for key, answer in reading.answers.items() if answer}
        wrong = {fault.field for fault in reading.faults}
        must = [asked for asked in self.expected.required if asked.key not in wrong | files]
        for fault in (*reading.faults, *unready(must, answers)):
            self._fault(line, fault.field, fault.code, **dict(fault.values))
        return answers

    def _fault(self, at: int, column: str, code: str, **values: str | int | date) -> None:
        self.faults.append(CellFault(at, column, code, tuple(values.items())))


def _clean(cell: str) -> str:
    """Without signs that cannot be stored, lines as we keep them."""
    return "".join(
        sign
        for sign in cell.replace("\r\n", "\n").replace("\r", "\n")
        if sign in "\n\t" or sign.isprintable() or ord(sign) > 0x9F
    )


def _made_id(given: Mapping[str, str]) -> str:
    """The same for the same line, so that a file without ids of its own is not imported twice either."""
    parts: Iterable[str] = (f"{name}={given[name]}" for name in sorted(given))
    return f"line-{hashlib.sha256(chr(31).join(parts).encode()).hexdigest()[:20]}"
