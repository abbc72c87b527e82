"""A profile as JSON, one object:

- `candidates`: a list of objects `id` (text), and as needed `name` (text) and `cost` (a number of at least 0, as number or text).
- `ballots`: a list of objects with one of these keys, and `weight` (a whole number, else 1) for equal ballots:
  `approve` a list of ids · `rank` a list of tiers, best first, each a list of ids (or one id) · `score` and `points` an object id → whole number ·
  `grade` an object id → one of the words · `pair` the winner and the loser.
- as needed `grades` (the words, best first), `seats`, `budget`, and `points` (what each ballot may spend of points or credits).

A ballot that names somebody who is no candidate, or somebody twice, uses a word that is no grade, or a number that is not whole, is invalid
and counted as such. Whatever has not this form is a fault of the file, named with its line.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from crowd.core.ballot_files.fault import FileFault, Reading
from crowd.core.ballot_files.lines import line_of
from crowd.core.tally.profile import DEFAULT_GRADES, MOST_POINTS, MOST_WEIGHT, Candidate, Gathering, Kind, Profile

LONGEST_NUMBER = 40
_SURROGATE = re.compile("[\ud800-\udfff]")
Path = tuple[str | int, ...]


class _Misshapen(ValueError):
    """Something within the data has not the form it should."""

    def __init__(self, words: str, *path: str | int) -> None:
        super().__init__(words)
        self.path = path


class _Invalid(ValueError):
    """A ballot that is well formed as data and not as a ballot."""


class _Repeated(dict[str, Any]):
    """An object in which a key came twice."""


def read_json(lines: Iterable[bytes]) -> Reading:
    raw = b"".join(lines)
    text = _decoded(raw)
    try:
        data = json.loads(
            text, parse_float=_number, parse_int=_number, parse_constant=_number, object_pairs_hook=_object
        )
    except json.JSONDecodeError as error:
        raise FileFault(f"this is not JSON ({error.msg})", error.lineno) from error
    except RecursionError as error:
        raise FileFault("the JSON is nested too deeply") from error
    try:
        return Reading(_profile(_shaped(data, dict, "the file must hold an object")))
    except _Misshapen as error:
        raise FileFault(str(error), line_of(text, error.path)) from error


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileFault("the file is not UTF-8 text", raw[: error.start].count(b"\n") + 1) from error


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Repeated(found)


def _number(text: str) -> Fraction | str:
    """Exact; what is too long or no number stays text, which is faulty wherever a number is needed."""
    exponent = text.lower().partition("e")[2]
    if len(text) > LONGEST_NUMBER or len(exponent) > 3:
        return text
    try:
        return Fraction(text)
    except ValueError:
        return text


def _profile(data: Mapping[str, Any]) -> Profile:
    gathering = Gathering(_candidates(data))
    grades = _grades(data)
    ballots = _shaped(data.get("ballots"), list, "there must be a list `ballots`", "ballots")
    for place, ballot in enumerate(ballots):
        _add(gathering, grades, ballot, ("ballots", place))
    seats, points = (_whole(data[key], 10_000_000, key) if key in data else None for key in ("seats", "points"))
    if seats == 0:
        raise _Misshapen("`seats` must be at least 1", "seats")
    return Profile(
        gathering.candidates,
        gathering.ballots(grades=len(grades)),
        gathering.invalid,
        grades=grades,
        seats=seats,
        budget=_money(data["budget"], "budget") if "budget" in data else None,
        allowance=points,
    )


def _candidates(data: Mapping[str, Any]) -> list[Candidate]:
    listed = _shaped(data.get("candidates"), list, "there must be a list `candidates`", "candidates")
    found: dict[str, Candidate] = {}
    for place, entry in enumerate(listed):
        path = ("candidates", place)
        candidate = _shaped(entry, dict, "a candidate must be an object with an `id`", *path)
        key = _shaped(candidate.get("id"), str, "the `id` of a candidate must be text", *path)
        name = _shaped(candidate.get("name", key), str, "the `name` of a candidate must be text", *path)
        if not key or key in found:
            raise _Misshapen(f"the id {key!r} is empty or comes twice", *path)
        if any(_SURROGATE.search(text) for text in (key, name)):
            raise _Misshapen("`id` and `name` must be text that can be written in UTF-8", *path)
        cost = candidate.get("cost")
        found[key] = Candidate(key, name, None if cost is None else _money(cost, *path, "cost"))
    if not found:
        raise _Misshapen("there are no candidates", "candidates")
    return list(found.values())


def _grades(data: Mapping[str, Any]) -> tuple[str, ...]:
    words = _shaped(data.get("grades", list(DEFAULT_GRADES)), list, "`grades` must be a list of words", "grades")
    if len(words) < 2 or not all(isinstance(word, str) for word in words) or len(set(words)) != len(words):
        raise _Misshapen("`grades` must be two or more different words, best first", "grades")
    return tuple(words)


def _add(gathering: Gathering, grades: Sequence[str], entry: Any, path: Path) -> None:
    ballot = _shaped(entry, dict, "a ballot must be an object", *path)
    weight = _whole(ballot.get("weight", Fraction(1)), MOST_WEIGHT, *path, "weight")
    kinds = [kind for kind in Kind if kind.value in ballot]
    if len(kinds) != 1 or len(ballot) > (2 if "weight" in ballot else 1):
        names = ", ".join(kind.value for kind in Kind)
        raise _Misshapen(f"a ballot must hold one of {names}, and nothing else but `weight`", *path)
    (kind,) = kinds
    try:
        gathering.add(kind, _READERS[kind](ballot[kind.value], gathering.places, grades, (*path, kind.value)), weight)
    except _Invalid:
        gathering.invalid += weight


Places = Mapping[str, int]


def _approve(said: Any, places: Places, grades: Sequence[str], path: Path) -> list[int]:
    return _distinct(_names(said, path), places)


def _rank(said: Any, places: Places, grades: Sequence[str], path: Path) -> list[tuple[int, ...]]:
    tiers = [
        [tier] if isinstance(tier, str) else _names(tier, (*path, place))
        for place, tier in enumerate(_shaped(said, list, "`rank` must be a list of tiers", *path))
    ]
    _distinct([name for tier in tiers for name in tier], places)
    return [tuple(sorted(places[name] for name in tier)) for tier in tiers if tier]


def _numbers(said: Any, places: Places, grades: Sequence[str], path: Path) -> list[tuple[int, int]]:
    given = _entries(said, path)
    for name, value in given.items():
        if not isinstance(value, Fraction):
            raise _Misshapen(f"what is given must be a number, not {value!r:.40}", *path, name)
    _distinct(list(given), places)
    if any(value.denominator != 1 or abs(value) > MOST_POINTS for value in given.values()):
        raise _Invalid
    return [(places[name], int(value)) for name, value in given.items() if value]


def _graded(said: Any, places: Places, grades: Sequence[str], path: Path) -> list[tuple[int, int]]:
    given = _entries(said, path)
    for name, word in given.items():
        _shaped(word, str, "a grade must be a word", *path, name)
    _distinct(list(given), places)
    if not set(grades).issuperset(given.values()):
        raise _Invalid
    return [(places[name], grades.index(word)) for name, word in given.items()]


def _pair(said: Any, places: Places, grades: Sequence[str], path: Path) -> list[int]:
    names = _names(said, path)
    if len(names) != 2:
        raise _Misshapen("a pair must be two ids, the winner and the loser", *path)
    return _distinct(names, places)


_READERS: Mapping[Kind, Callable[[Any, Places, Sequence[str], Path], list[Any]]] = {
    Kind.APPROVE: _approve,
    Kind.RANK: _rank,
    Kind.SCORE: _numbers,
    Kind.POINTS: _numbers,
    Kind.GRADE: _graded,
    Kind.PAIR: _pair,
}


def _entries(said: Any, path: Path) -> dict[str, Any]:
    found: dict[str, Any] = _shaped(said, dict, f"`{path[-1]}` must be an object of ids", *path)
    if isinstance(found, _Repeated):
        raise _Invalid
    return found


def _names(said: Any, path: Path) -> list[str]:
    listed = _shaped(said, list, "a list of ids was expected", *path)
    for place, name in enumerate(listed):
        _shaped(name, str, "an id must be text", *path, place)
    return list(listed)


def _distinct(names: Sequence[str], places: Places) -> list[int]:
    if len(set(names)) != len(names) or not places.keys() >= set(names):
        raise _Invalid
    return [places[name] for name in names]


def _shaped(value: Any, form: type, words: str, *path: str | int) -> Any:
    if not isinstance(value, form):
        raise _Misshapen(words, *path)
    return value


def _whole(value: Any, most: int, *path: str | int) -> int:
    if not isinstance(value, Fraction) or value.denominator != 1 or not 0 <= value <= most:
        raise _Misshapen(f"`{path[-1]}` must be a whole number from 0 to {most}", *path)
    return int(value)


def _money(value: Any, *path: str | int) -> Fraction:
    number = _number(value) if isinstance(value, str) else value
    if not isinstance(number, Fraction) or number < 0:
        raise _Misshapen(f"`{path[-1]}` must be a number of at least 0", *path)
    return number
