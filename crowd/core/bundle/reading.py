"""Reading the ballots of a bundle for a count of its own (`flask tally`): believing it, which is not checking it."""

import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, TypeVar

from crowd.core.ballot_files import FileFault, Reading
from crowd.core.bundle.contents import FORMAT
from crowd.core.exact import exact
from crowd.core.tally.choices import key_of
from crowd.core.tally.collecting import Collected, Collector
from crowd.core.tally.declared import Declared, Listed, profile_of
from crowd.core.tally.suited import Unsuited

T = TypeVar("T")
Followed = Callable[[Iterator[bytes], int], Iterator[bytes]]
"""Passes lines on and may show how far along it is; the number: how many bytes they are in all."""

DAMAGE = (
    AttributeError,
    EOFError,
    KeyError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
"""All that a damaged zip, or JSON of another shape, makes the libraries raise."""


@dataclass
class _Reader:
    """`at`: the file that is read, for naming a fault."""

    zip: zipfile.ZipFile
    at: str = "the zip"
    line: int = 0
    excluded: set[str] = field(default_factory=set)

    def json(self, name: str) -> Any:
        self.at = name
        return json.loads(self.zip.read(name))

    def method(self) -> str:
        rules = self.json("rules.json")
        if rules["format"] != FORMAT:
            raise ValueError(f"the format is not {FORMAT}")
        return str(rules["method"])

    def ledger(self) -> bool:
        return self.json("rules.json").get("ledger") is not False

    def reading(self, followed: Followed | None) -> Reading:
        method = self.method()
        rules = self.json("rules.json")
        declared = Declared.from_data(method, rules["terms"])
        self.excluded = {entry["ballot"] for entry in self.json("exclusions.json")}
        candidates = [_listed(entry) for entry in self.json("candidates.json")]
        collected = self._ballots(declared, candidates, followed)
        return Reading(
            profile_of(declared, candidates, collected), tuple(_remarks(declared, candidates, len(self.excluded)))
        )

    def _ballots(self, declared: Declared, candidates: list[Listed], followed: Followed | None) -> Collected:
        self.at = "ballots.jsonl"
        collector, key = Collector(declared.bounds(candidates)), key_of(declared.kind)
        with self.zip.open(self.at) as file:
            lines = followed(file, self.zip.getinfo(self.at).file_size) if followed else file
            for self.line, line in enumerate(lines, start=1):
                ballot = json.loads(line)
                collector.add(ballot[key], excluded=ballot["ballot"] in self.excluded)
        self.line = 0
        return collector.collected().kept(with_excluded=False)


def read_bundle(file: IO[bytes], followed: Followed | None = None) -> Reading:
    """The profile that its method counts: without the ballots excluded and the candidates struck off. FileFault where it cannot be read."""
    reader: _Reader | None = None
    try:
        with zipfile.ZipFile(file) as archive:
            reader = _Reader(archive)
            return reader.reading(followed)
    except (*DAMAGE, Unsuited) as error:
        raise _fault(error, reader) from error


def method_of(file: IO[bytes]) -> str:
    """The method that a bundle says it was counted by. FileFault where that cannot be read."""
    return _said(file, _Reader.method)


def holds_ledger(file: IO[bytes]) -> bool:
    """Whether a bundle says that the votes were cast here. FileFault where that cannot be read."""
    return _said(file, _Reader.ledger)


def _said(file: IO[bytes], what: Callable[[_Reader], T]) -> T:
    reader: _Reader | None = None
    try:
        with zipfile.ZipFile(file) as archive:
            reader = _Reader(archive)
            return what(reader)
    except DAMAGE as error:
        raise _fault(error, reader) from error


def _fault(error: BaseException, reader: _Reader | None) -> FileFault:
    if reader is None:
        return FileFault("this is not a zip")
    place = f"{reader.at}, line {reader.line}" if reader.line else reader.at
    words = f"lacks {error}" if isinstance(error, KeyError) else f"{error}" or type(error).__name__
    return FileFault(f"{place}: {words[:200]}")


def _listed(entry: Mapping[str, Any]) -> Listed:
    cost = entry["cost"]
    return Listed(entry["id"], entry["name"], None if cost is None else exact(cost), struck=entry["struck"])


def _remarks(declared: Declared, candidates: list[Listed], excluded: int) -> Iterator[str]:
    struck = [entry.id for entry in candidates if entry.struck]
    if struck:
        yield f"Struck off, and not counted: {', '.join(struck)}"
    if excluded:
        yield f"Ballots excluded, and not counted: {excluded}"
    if declared.member_percent is not None:
        yield "The round weighs groups of voters; here every ballot counts the same"
