"""What a Pabulib file holds."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

from crowd.core.tally.greedy import Caps

POINTED = frozenset({"cumulative", "scoring"})
RANKED = "ordinal"
NUMBER = re.compile(r"\d{1,15}(\.\d{1,15})?", re.ASCII)


class PabError(ValueError):
    """A file that cannot be imported: a code, the line (0: the file as a whole), and one sentence in words."""

    def __init__(self, code: str, words: str, line: int = 0) -> None:
        super().__init__(f"line {line}: {words}" if line else words)
        self.code = code
        self.line = line


@dataclass(frozen=True)
class Notice:
    """Something mended: `unknown_project`, `repeated_mark`, `repeated_voter`, `num_projects`, `num_votes`."""

    code: str
    line: int
    value: str
    words: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.words}" if self.line else self.words


@dataclass(frozen=True)
class Project:
    """`votes` and `selected` are the file's own word, None where it has none. `extra` holds the columns not named here."""

    id: str
    name: str
    cost: Fraction
    votes: int | None = None
    selected: bool | None = None
    category: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Vote:
    """`marks` in the order of the file: of a ranking, best first. `points`: what each mark is given, where ballots give points."""

    line: int
    voter: str
    marks: tuple[str, ...]
    points: tuple[Fraction, ...] = ()


@dataclass
class Election:
    """`votes` yields each ballot once; `notices` grow while it is walked."""

    meta: Mapping[str, str]
    projects: tuple[Project, ...]
    votes: Iterator[Vote]
    notices: list[Notice]

    @property
    def budget(self) -> Fraction:
        return read_number(self.meta.get("budget", ""), "budget", 0)

    @property
    def rule(self) -> str:
        return self.meta.get("rule", "unknown")

    @property
    def kind(self) -> str:
        return self.meta["vote_type"].lower()

    @property
    def declared_votes(self) -> int | None:
        """How many ballots META promises: for a progress bar."""
        return self.stated("num_votes")

    @property
    def max_choices(self) -> int | None:
        return self.stated("max_length")

    def stated(self, key: str) -> int | None:
        """A number of META in whole units; None where there is none that can be read."""
        text = self.meta.get(key, "")
        return int(Fraction(text)) if NUMBER.fullmatch(text) else None

    @property
    def costs(self) -> dict[str, Fraction]:
        return {project.id: project.cost for project in self.projects}

    @property
    def bounds(self) -> str | None:
        """The META key that bounds what a part of town may take (`budget_per_neighborhood`), if there is one."""
        return next((key for key in sorted(self.meta) if key.startswith("budget_per_")), None)

    def caps(self) -> Caps:
        """The bounds per part: the parts stand in META under the plural of the column that names a project's part."""
        if self.bounds is None:
            return Caps()
        column = self.bounds.removeprefix("budget_per_")
        listed = next((self.meta[key] for key in (f"{column}s", f"{column[:-1]}ies") if key in self.meta), "")
        parts, limits = listed.split(","), self.meta[self.bounds].split(",")
        if len(parts) != len(limits) or not listed:
            raise PabError("bounds", f"{self.bounds} does not give one amount for each of the {column}s")
        amounts = {part.strip(): read_number(limit, self.bounds, 0) for part, limit in zip(parts, limits, strict=True)}
        return Caps(amounts, {project.id: self._part(project, column) for project in self.projects})

    @staticmethod
    def _part(project: Project, column: str) -> str:
        if column != "category":
            return project.extra.get(column, "")
        if len(project.category) > 1:
            raise PabError("bounds", f"the project {project.id} stands in several categories, each with a bound")
        return "".join(project.category)


def read_number(text: str, name: str, begins: int) -> Fraction:
    if not NUMBER.fullmatch(text.strip()):
        raise PabError("number", f"{name} must be a number of at least 0, not {text.strip()!r}", begins)
    return Fraction(text.strip())


def read_count(text: str, name: str, begins: int) -> int:
    number = read_number(text, name, begins)
    if number.denominator != 1:
        raise PabError("number", f"{name} must be a whole number, not {text!r}", begins)
    return int(number)
