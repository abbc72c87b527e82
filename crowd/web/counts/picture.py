"""A figure ready to be drawn: lengths in the units of a picture 400 wide, names cut to fit, and its table with everything."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from crowd.web.counts.teller import Teller
from crowd.web.text import _

WIDTH = 400
MOST = 12
"""Rows that a picture shows; the rest are in the table."""
LETTERS = 52
"""Of the usual width that fit into a line of a picture."""


@dataclass(frozen=True)
class Cell:
    """Of a table: a name with its link, if the reader may follow it."""

    text: str
    url: str | None = None
    marked: bool = False


@dataclass(frozen=True)
class Table:
    """`columns`: label and whether it holds numbers. Each row begins with its name."""

    caption: str
    columns: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[Cell, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Part:
    """Of a row: a bar from `x`, `width` wide; `step`: which shade, 0 the fullest; `text` where it fits."""

    x: float
    width: float
    step: int = 0
    text: str = ""
    height: float = 0
    y: float = 0


@dataclass(frozen=True)
class Row:
    """`y`: its top. `marked`: elected. `low`, `high`, `at`: of an interval."""

    y: float
    name: str
    text: str
    marked: bool = False
    parts: tuple[Part, ...] = ()
    low: float = 0
    high: float = 0
    at: float = 0


@dataclass(frozen=True)
class Picture:
    """`kind`: its macro in `components/plots`. `more`: how many candidates are in the table alone. `steps`: words of the shades.

    `line`: a quota, a middle or a zero, as a place in the picture. `story`: rounds in words. `numbers`: whom the numbers of a grid mean.
    """

    kind: str
    title: str
    description: str
    height: float
    rows: tuple[Row, ...]
    table: Table | None = None
    more: int = 0
    steps: tuple[str, ...] = ()
    line: float | None = None
    line_words: str = ""
    story: tuple[str, ...] = ()
    numbers: tuple[str, ...] = field(default=())

    @property
    def id(self) -> str:
        return f"plot-{self.kind}"


def at(value: Fraction, most: Fraction, width: float = WIDTH) -> float:
    """How long a value is drawn."""
    return round(float(value / most) * width, 2) if most else 0.0


def cut(name: str, beside: str = "") -> str:
    """A name as far as it fits beside another text."""
    room = LETTERS - len(beside) - 3
    return name if len(name) <= room else f"{name[: room - 1].rstrip()}…"


def named(teller: Teller, candidate: str) -> Cell:
    links = teller.links or {}
    return Cell(teller.name(candidate), links.get(candidate), teller.marks(candidate))


def leading(candidates: Sequence[str]) -> tuple[Sequence[str], int]:
    """Those a picture shows, and how many more there are. One or two more than fit are not worth a second look elsewhere."""
    shown = candidates[:MOST]
    return shown, len(candidates) - len(shown)


def beyond(every: int, shown: int) -> str:
    """Added to a caption where a table leaves some out."""
    if every == shown:
        return ""
    return " " + _(
        "These are the first %(shown)s of %(every)s; the data of the count hold them all.", shown=shown, every=every
    )
