"""From lines to an `Election`, one pass."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType

from crowd.core.pabulib.election import (
    NUMBER,
    POINTED,
    RANKED,
    Election,
    Notice,
    PabError,
    Project,
    Vote,
    read_count,
    read_number,
)

MARKED = frozenset({"approval", "choose-1"})
_SECTIONS = frozenset({"META", "PROJECTS", "VOTES"})

Row = tuple[int, list[str]]


def read_election(lines: Iterable[bytes]) -> Election:
    """Read META and PROJECTS of a file opened in binary mode, and prepare its votes.

    PabError has the code `vote_type` for an unknown kind of ballot, `encoding`, `malformed`, `number` for what cannot be read.
    Errors in the votes are raised while they are walked.
    """
    rows = _rows(lines)
    notices: list[Notice] = []
    _expect(rows, "META")
    meta = _meta(rows)
    _check_kind(meta)
    projects = tuple(_projects(rows))
    if not projects:
        raise PabError("malformed", "there are no projects")
    _compare(meta, "num_projects", len(projects), notices)
    known = {project.id: project.id for project in projects}
    votes = _votes(rows, meta, known, notices)
    return Election(meta, projects, votes, notices)


def _rows(lines: Iterable[bytes]) -> Iterator[Row]:
    """Rows with the line they begin on; blank lines are passed over. A quoted field may hold `;` and line breaks."""
    reader = csv.reader(_decoded(lines), delimiter=";", strict=True)
    begins = 1
    try:
        for row in reader:
            if any("\n" in cell and _SECTIONS & {line.strip() for line in cell.splitlines()} for cell in row):
                raise PabError("malformed", "a quotation mark is opened and not closed", begins)
            if any(cell.strip() for cell in row):
                yield begins, row
            begins = reader.line_num + 1
    except csv.Error as error:
        raise PabError("malformed", f"this line cannot be read ({error})", begins) from error


def _decoded(lines: Iterable[bytes]) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise PabError("encoding", "the file is not UTF-8 text", number) from error
        if "\0" in text:
            raise PabError("encoding", "the file is not text", number)
        yield text


def _section(row: list[str]) -> str | None:
    name = row[0].strip().upper()
    return name if name in _SECTIONS and not any(cell.strip() for cell in row[1:]) else None


def _expect(rows: Iterator[Row], section: str) -> None:
    begins, row = next(rows, (0, [""]))
    if _section(row) != section:
        raise PabError("malformed", f"the section {section} is missing: this is no Pabulib file", begins)


def _header(rows: Iterator[Row], section: str, needed: Iterable[str]) -> list[str]:
    begins, row = next(rows, (0, []))
    names = [cell.strip() for cell in row]
    for name in needed:
        if name not in names:
            raise PabError("malformed", f"the section {section} has no column {name}", begins)
    return names


def _until(rows: Iterator[Row], section: str) -> Iterator[Row]:
    for begins, row in rows:
        if (found := _section(row)) == section:
            return
        if found:
            raise PabError("malformed", f"the section {section} is missing", begins)
        yield begins, row
    raise PabError("malformed", f"the section {section} is missing")


def _meta(rows: Iterator[Row]) -> dict[str, str]:
    _header(rows, "META", ("key", "value"))
    meta: dict[str, str] = {}
    for begins, row in _until(rows, "PROJECTS"):
        if len(row) < 2:
            raise PabError("malformed", f"{row[0]!r} has no value", begins)
        meta[row[0].strip()] = ";".join(row[1:]).strip()
    read_number(meta.get("budget", ""), "budget", 0)
    return meta


def _check_kind(meta: Mapping[str, str]) -> None:
    kind = meta.get("vote_type", "").lower()
    if kind not in {RANKED, *MARKED, *POINTED}:
        raise PabError("vote_type", f"the kind of ballot is not known (vote_type {kind or 'missing'})")


def _named(names: list[str], row: list[str], begins: int) -> dict[str, str]:
    """The row by column; empty cells beyond the header are passed over."""
    extra = [cell for cell in row[len(names) :] if cell.strip()]
    if len(row) < len(names) or extra:
        raise PabError("malformed", f"{len(names)} columns were expected, {len(row)} found", begins)
    return dict(zip(names, (cell.strip() for cell in row), strict=False))


def _projects(rows: Iterator[Row]) -> Iterator[Project]:
    names = _header(rows, "PROJECTS", ("project_id", "cost"))
    seen: set[str] = set()
    for begins, row in _until(rows, "VOTES"):
        project = _project(_named(names, row, begins), begins)
        if not project.id or project.id in seen:
            raise PabError("malformed", f"the project id {project.id!r} is empty or comes twice", begins)
        seen.add(project.id)
        yield project


def _project(cells: dict[str, str], begins: int) -> Project:
    votes, selected = cells.pop("votes", ""), cells.pop("selected", "")
    key, name = cells.pop("project_id"), cells.pop("name", "")
    return Project(
        id=key,
        name=name or key,
        cost=read_number(cells.pop("cost"), "cost", begins),
        votes=read_count(votes, "votes", begins) if votes else None,
        selected=read_count(selected, "selected", begins) == 1 if selected else None,
        category=tuple(part.strip() for part in cells.pop("category", "").split(",") if part.strip()),
        extra=MappingProxyType(cells),
    )


def _votes(
    rows: Iterator[Row],
    meta: Mapping[str, str],
    known: Mapping[str, str],
    notices: list[Notice],
) -> Iterator[Vote]:
    pointed = meta["vote_type"].lower() in POINTED
    names = _header(rows, "VOTES", ("voter_id", "vote", "points") if pointed else ("voter_id", "vote"))
    voter_at, vote_at = names.index("voter_id"), names.index("vote")
    voters: dict[str, int] = {}
    count = 0
    for begins, row in rows:
        if len(row) != len(names):
            _named(names, row, begins)
        if any("\n" in cell for cell in row):
            raise PabError("malformed", "a quotation mark is opened and not closed", begins)
        marks = _split(row[vote_at])
        given = _given(marks, _split(row[names.index("points")]), begins) if pointed else {}
        count += 1
        voter = _voter(row[voter_at].strip(), voters, begins, notices)
        kept = _known(marks, known, begins, notices)
        points = tuple(given[mark] for mark in kept) if pointed else ()
        yield Vote(begins, voter, kept, points)
    _compare(meta, "num_votes", count, notices)


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(",")] if cell.strip() else []


def _voter(voter: str, voters: dict[str, int], begins: int, notices: list[Notice]) -> str:
    if not voter:
        raise PabError("malformed", "the voter id is empty", begins)
    voters[voter] = times = voters.get(voter, 0) + 1
    if times == 1:
        return voter
    notices.append(
        Notice("repeated_voter", begins, voter, f"the voter id {voter} comes again and counts as another voter")
    )
    return f"{voter}#{times}"


def _known(marks: list[str], known: Mapping[str, str], begins: int, notices: list[Notice]) -> tuple[str, ...]:
    """The marks for listed projects, each once, as the listed ids (shared, so that 90,000 ballots stay small)."""
    kept = dict.fromkeys(known[mark] for mark in marks if mark in known)
    if len(kept) != len(marks):
        for mark in dict.fromkeys(marks):
            if mark not in known:
                words = f"the project {mark} is not listed; its mark is dropped and the ballot kept"
                notices.append(Notice("unknown_project", begins, mark, words))
            elif marks.count(mark) > 1:
                words = f"the project {mark} is marked more than once and counts once"
                notices.append(Notice("repeated_mark", begins, mark, words))
    return tuple(kept)


def _given(marks: list[str], points: list[str], begins: int) -> dict[str, Fraction]:
    """What each mark is given; of one that comes twice, the first."""
    if len(marks) != len(points):
        raise PabError("malformed", f"{len(marks)} projects are named and {len(points)} points given", begins)
    numbers = [read_number(point, "points", begins) for point in points]
    return dict(reversed(list(zip(marks, numbers, strict=True))))


def _compare(meta: Mapping[str, str], key: str, found: int, notices: list[Notice]) -> None:
    declared = meta.get(key, "")
    if declared and not (NUMBER.fullmatch(declared) and Fraction(declared) == found):
        notices.append(Notice(key, 0, declared, f"{key} says {declared}, the file holds {found}"))
