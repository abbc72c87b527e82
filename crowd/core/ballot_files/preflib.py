"""PrefLib: orders, strict or with ties, complete or not (`.soc .soi .toc .toi`), and categories (`.cat`).

Lines behind `#` say what there is; then a line for each different ballot: `26: 1,3,{2,4}`. Of a `.cat` file each place is a category, best
first, `{}` an empty one; its ballots are grades, the names of the categories the words.
The format before 2022 is read too: the number of alternatives, a line `1,Name` for each, the totals, then `26,1,3,{2,4}`.
A ballot that names an alternative twice is invalid; a number that no alternative has is a fault of the file.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from crowd.core.ballot_files.fault import FileFault, Reading, decoded, whole
from crowd.core.tally.profile import Candidate, Gathering, Kind, Profile

ORDERS = frozenset({".soc", ".soi", ".toc", ".toi"})
CATEGORIES = ".cat"
_NAMED = re.compile(r"#\s*(ALTERNATIVE|CATEGORY) NAME (\d{1,9})\s*:(.*)", re.ASCII | re.IGNORECASE)
_NUMBERED = re.compile(r"#\s*NUMBER (ALTERNATIVES|VOTERS|CATEGORIES)\s*:\s*(\S*)", re.ASCII | re.IGNORECASE)
_TIER = re.compile(r"\s*(?:\{([^{}]*)\}|([^{},]+))\s*(?:,|$)")

Line = tuple[int, str]


@dataclass
class _Head:
    alternatives: dict[str, str] = field(default_factory=dict)
    categories: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)


def read_preflib(lines: Iterable[bytes], *, categories: bool) -> Reading:
    rows = ((number, text.strip()) for number, text in decoded(lines) if text.strip())
    first = next(rows, (0, ""))
    head, ballots = _head(first, rows) if first[1].startswith("#") else _old_head(first, rows)
    if not head.alternatives:
        raise FileFault("there are no alternatives: this is no PrefLib file", first[0])
    grades = _grades(head) if categories else ()
    gathering = Gathering([Candidate(key, name) for key, name in head.alternatives.items()])
    for number, text in ballots:
        _add(gathering, text, number, len(grades))
    return Reading(_profile(gathering, grades), _remarks(head, gathering))


def _profile(gathering: Gathering, grades: tuple[str, ...]) -> Profile:
    if not grades:
        return Profile(gathering.candidates, gathering.ballots(), gathering.invalid)
    return Profile(gathering.candidates, gathering.ballots(grades=len(grades)), gathering.invalid, grades=grades)


def _remarks(head: _Head, gathering: Gathering) -> tuple[str, ...]:
    found = sum(sum(groups.values()) for groups in gathering.groups.values()) + gathering.invalid
    counted = {"ALTERNATIVES": len(head.alternatives), "VOTERS": found}
    return tuple(
        f"NUMBER {name} says {head.numbers[name]}, the file holds {number}"
        for name, number in counted.items()
        if head.numbers.get(name, number) != number
    )


def _head(first: Line, rows: Iterator[Line]) -> tuple[_Head, Iterator[Line]]:
    head, ballots = _Head(), []
    for number, text in (first, *rows):
        if not text.startswith("#"):
            ballots.append((number, text))
        elif found := _NAMED.match(text):
            _name(head, found, number)
        elif found := _NUMBERED.match(text):
            head.numbers[found[1].upper()] = whole(found[2], f"NUMBER {found[1].upper()}", number)
    return head, iter(ballots)


def _name(head: _Head, found: re.Match[str], number: int) -> None:
    key, name = str(int(found[2])), found[3].strip()
    if found[1].upper() == "CATEGORY":
        head.categories.append(name or key)
    elif key in head.alternatives:
        raise FileFault(f"the alternative {key} is named twice", number)
    else:
        head.alternatives[key] = name or key


def _old_head(first: Line, rows: Iterator[Line]) -> tuple[_Head, Iterator[Line]]:
    """The format before 2022; its ballots are rewritten as today's."""
    head = _Head()
    size = whole(first[1], "the number of alternatives", first[0], least=1)
    for number, text in rows:
        if len(head.alternatives) == size:
            return head, ((line, ballot.replace(",", ":", 1)) for line, ballot in rows)
        key, _, name = text.partition(",")
        found = str(whole(key.strip(), "an alternative", number))
        if found in head.alternatives:
            raise FileFault(f"the alternative {found} is named twice", number)
        head.alternatives[found] = name.strip() or found
    raise FileFault(f"{size} alternatives were expected, {len(head.alternatives)} found")


def _grades(head: _Head) -> tuple[str, ...]:
    grades = tuple(head.categories)
    if not grades or len(set(grades)) != len(grades):
        raise FileFault("a .cat file names its categories, each once")
    return grades


def _add(gathering: Gathering, text: str, number: int, grades: int) -> None:
    many, colon, order = text.partition(":")
    if not colon:
        raise FileFault("a ballot is how many, a colon, and an order", number)
    weight = whole(many.strip(), "the number of ballots", number)
    tiers = [_places(gathering, tier, number) for tier in _tiers(order.strip(), number)]
    named = [place for tier in tiers for place in tier]
    if grades and len(tiers) > grades:
        raise FileFault(f"{grades} categories are named, {len(tiers)} stand here", number)
    if len(named) != len(set(named)):
        gathering.invalid += weight
    elif grades:
        gathering.add(Kind.GRADE, ((place, grade) for grade, tier in enumerate(tiers) for place in tier), weight)
    else:
        gathering.add(Kind.RANK, (tuple(sorted(tier)) for tier in tiers if tier), weight)


def _tiers(order: str, number: int) -> Iterator[list[str]]:
    at = 0
    while at < len(order):
        found = _TIER.match(order, at)
        if found is None or (found.end() == len(order) and order.endswith(",")):
            raise FileFault(f"the order cannot be read from {order[at : at + 20]!r} on", number)
        at = found.end()
        inside = found[1] if found[1] is not None else found[2]
        yield [part.strip() for part in inside.split(",") if part.strip()]


def _places(gathering: Gathering, tier: Iterable[str], number: int) -> list[int]:
    places = [gathering.places.get(key) for key in tier]
    unknown = next((key for key, place in zip(tier, places, strict=True) if place is None), None)
    if unknown is not None:
        raise FileFault(f"there is no alternative {unknown[:40]!r}", number)
    return [place for place in places if place is not None]
