"""BLT, the format of OpenSTV and of many councils.

    6 3                 candidates, seats
    -2 -5               withdrawn, if any
    26 1 2 0            a ballot: how many, preferences, 0; `3=4` ranks two equally
    0                   end of the ballots
    "Name"              one a line, in quotes or not, quotes within doubled
    "Title"             if there is one

What stands behind `#` outside quotes is a comment; blank lines are passed over. Withdrawn candidates are no candidates, preferences for them
fall away. A ballot that names a candidate twice is invalid; a number that is no candidate is a fault of the file.
"""

import re
from collections.abc import Iterable, Iterator

from crowd.core.ballot_files.fault import FileFault, Reading, decoded, whole
from crowd.core.tally.profile import Candidate, Gathering, Kind, Profile

MOST_CANDIDATES = 10_000
_COMMENT = re.compile(r'^((?:[^"#]|"(?:[^"]|"")*")*)#.*$')
_WITHDRAWN = re.compile(r"-\d{1,5}", re.ASCII)

Line = tuple[int, str]
Ranked = list[tuple[int, ...]]


def read_blt(lines: Iterable[bytes]) -> Reading:
    rows = _rows(lines)
    size, seats = _header(rows)
    ballots: list[Line] = []
    withdrawn: set[int] = set()
    for number, text in rows:
        if not ballots and text.startswith("-"):
            withdrawn |= _withdrawn(text, number, size)
        elif text == "0":
            break
        elif text[0] not in "0123456789-":
            raise FileFault("the ballots are not ended by a line with 0", number)
        else:
            ballots.append((number, text))
    else:
        raise FileFault("the ballots are not ended by a line with 0")
    names = _names(list(rows), size)
    standing = [place for place in range(1, size + 1) if place not in withdrawn]
    gathering = Gathering([Candidate(str(place), names[place - 1]) for place in standing])
    places = {candidate: place for place, candidate in enumerate(standing)}
    for number, text in ballots:
        _add(gathering, places, text, number, size)
    return Reading(Profile(gathering.candidates, gathering.ballots(), gathering.invalid, seats=seats))


def _rows(lines: Iterable[bytes]) -> Iterator[Line]:
    """Lines with something on them, comments cut off."""
    for number, line in decoded(lines):
        found = _COMMENT.match(line) if "#" in line else None
        text = (found[1] if found else line).strip()
        if text:
            yield number, text


def _header(rows: Iterator[Line]) -> tuple[int, int]:
    number, text = next(rows, (0, ""))
    parts = text.split()
    if len(parts) != 2:
        raise FileFault("the first line must hold the numbers of candidates and of seats", number)
    size = whole(parts[0], "the number of candidates", number, least=1, most=MOST_CANDIDATES)
    return size, whole(parts[1], "the number of seats", number, least=1, most=MOST_CANDIDATES)


def _withdrawn(text: str, number: int, size: int) -> set[int]:
    parts = text.split()
    if not all(_WITHDRAWN.fullmatch(part) and 1 <= -int(part) <= size for part in parts):
        raise FileFault(f"withdrawn candidates are numbers from -1 to -{size}, not {text[:40]!r}", number)
    return {-int(part) for part in parts}


def _names(rows: list[Line], size: int) -> list[str]:
    """The names; a title behind them is passed over."""
    if len(rows) < size:
        raise FileFault(f"{size} names of candidates were expected, {len(rows)} found", rows[-1][0] if rows else 0)
    if len(rows) > size + 1:
        raise FileFault("nothing was expected behind the title", rows[size + 1][0])
    return [_unquoted(text, number) for number, text in rows][:size]


def _unquoted(text: str, number: int) -> str:
    if not text.startswith('"'):
        return text
    inner = text[1:-1]
    if len(text) < 2 or not text.endswith('"') or '"' in inner.replace('""', ""):
        raise FileFault("a quotation mark is opened and not closed", number)
    return inner.replace('""', '"').strip()


def _add(gathering: Gathering, places: dict[int, int], text: str, number: int, size: int) -> None:
    weight, *preferences = text.split()
    many = whole(weight, "the number of ballots", number)
    if not preferences or preferences[-1] != "0":
        raise FileFault("the ballot is not ended by 0", number)
    tiers = [
        tuple(whole(part, "a candidate", number, least=1, most=size) for part in tier.split("="))
        for tier in preferences[:-1]
    ]
    named = [candidate for tier in tiers for candidate in tier]
    if len(named) != len(set(named)):
        gathering.invalid += many
        return
    standing = (tuple(sorted(places[name] for name in tier if name in places)) for tier in tiers)
    gathering.add(Kind.RANK, (tier for tier in standing if tier), many)
