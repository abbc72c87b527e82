"""`flask similar`: the search for similar proposals, on texts in files."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from crowd.core.similar import LONGEST_GIST, Match, Stored, as_bytes, nearest, shared_words
from crowd.meaning.encoder import Encoder, encoder

WIDEST = 72


@dataclass(frozen=True)
class Line:
    """One text of a file."""

    id: str | int
    text: str

    @property
    def gist(self) -> str:
        return " ".join(self.text.split())[:LONGEST_GIST]


class Malformed(Exception):
    """Says in one line which file and which line of it is at fault."""


@click.command()
@click.argument("corpus", type=click.Path(path_type=Path))
@click.option("--queries", required=True, type=click.Path(path_type=Path), help="The texts to look for.")
@click.option("--top", default=5, show_default=True, type=click.IntRange(1, 1000))
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each query.")
def similar(corpus: Path, queries: Path, top: int, *, as_json: bool) -> None:
    """For each query the texts of CORPUS (lines {"id", "text"}) most like it, as the pages find them."""
    try:
        texts, asked = _read(corpus, distinct=True), _read(queries, distinct=False)
    except Malformed as fault:
        click.echo(str(fault), err=True)
        sys.exit(2)
    for query, matches in zip(asked, _found(texts, asked, top), strict=True):
        click.echo(_as_json(query, matches) if as_json else _in_words(query, matches))


def _found(texts: list[Line], asked: list[Line], top: int) -> list[list[tuple[Line, Match]]]:
    """Matches are named by their place in the corpus, so that any id can be given back as it came."""
    model = encoder()
    search = _by_meaning(texts, asked, top + 1, model) if model else _by_words(texts, asked, top + 1)
    return [
        [(texts[int(match.id)], match) for match in matches if texts[int(match.id)] != query][:top]
        for query, matches in zip(asked, search, strict=True)
    ]


def _by_meaning(texts: list[Line], asked: list[Line], most: int, model: Encoder) -> list[list[Match]]:
    if not texts:
        return [[] for _query in asked]
    stored = Stored(range(len(texts)), as_bytes(model.encode([line.gist for line in texts])))
    return [nearest(vector, stored, most) for vector in model.encode([line.gist for line in asked])]


def _by_words(texts: list[Line], asked: list[Line], most: int) -> list[list[Match]]:
    numbered = [(str(place), line.gist) for place, line in enumerate(texts)]
    return [shared_words(line.gist, numbered, most) for line in asked]


def _as_json(query: Line, matches: list[tuple[Line, Match]]) -> str:
    rows = [{"id": line.id, "score": match.score, "shown": match.shown} for line, match in matches]
    return json.dumps({"id": query.id, "similar": rows}, ensure_ascii=False)


def _in_words(query: Line, matches: list[tuple[Line, Match]]) -> str:
    rows = [
        f"  {match.score:.2f} {'*' if match.shown else ' '} {line.id}  {' '.join(line.text.split())[:WIDEST]}"
        for line, match in matches
    ]
    return "\n".join([f"{query.id}  {' '.join(query.text.split())[:WIDEST]}", *rows])


def _read(path: Path, *, distinct: bool) -> list[Line]:
    """The lines of a file with what is compared of each; blank lines are passed over."""
    try:
        raw = path.read_bytes().splitlines()
    except OSError as error:
        message = f"{path}: {error.strerror}"
        raise Malformed(message) from error
    lines, known = [], set()
    for number, line in enumerate(raw, 1):
        if line.strip():
            parsed = _parsed(line, path, number)
            if distinct and parsed.id in known:
                message = f"{path}, line {number}: the id {parsed.id!r} stands there twice"
                raise Malformed(message)
            known.add(parsed.id)
            lines.append(parsed)
    return lines


def _parsed(line: bytes, path: Path, number: int) -> Line:
    try:
        data = json.loads(line.decode())
    except (ValueError, RecursionError) as error:
        message = f"{path}, line {number}: not JSON in UTF-8"
        raise Malformed(message) from error
    if not isinstance(data, dict) or type(data.get("id")) not in {str, int} or not isinstance(data.get("text"), str):
        message = f'{path}, line {number}: an object {{"id": …, "text": …}} is needed'
        raise Malformed(message)
    return Line(data["id"], data["text"])
