"""An assignment problem as JSON, and its answer."""

import json
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from crowd.core.assignment import Outcome, Problem


class AssignmentFault(ValueError):
    """One line: where in the file, and what is wrong there."""


@dataclass(frozen=True)
class AssignmentFile:
    reviewers: tuple[str | int, ...]
    proposals: tuple[str, ...]
    problem: Problem

    def answer(self, outcome: Outcome) -> dict[str, Any]:
        """`assignment`, `worst_served`, `total`, `unfilled` (only proposals with missing reviewers)."""
        return {
            "assignment": {
                proposal: [self.reviewers[place] for place in np.flatnonzero(row).tolist()]
                for proposal, row in zip(self.proposals, outcome.chosen, strict=True)
            },
            "worst_served": outcome.worst,
            "total": outcome.total,
            "unfilled": {
                proposal: missing
                for proposal, missing in zip(self.proposals, outcome.missing.tolist(), strict=True)
                if missing
            },
        }


def read_assignment(text: bytes) -> AssignmentFile:
    """Raises AssignmentFault. A reviewer or proposal that only `affinity` or `conflicts` name is a fault, not a new one."""
    data = _data(text)
    reviewers = _list(data, "reviewers")
    proposals = _list(data, "proposals")
    people, things = _ids(reviewers, "reviewers"), _ids(proposals, "proposals")
    loads = [_natural(row.get("load"), f"reviewers[{place}].load", 0) for place, row in enumerate(reviewers)]
    wanted = _natural(data.get("reviews_per_proposal"), "reviews_per_proposal", 1)
    affinity = np.zeros((len(things), len(people)))
    for key, row in _dict(data, "affinity").items():
        if key not in things:
            raise AssignmentFault(f"affinity: {key!r:.60} is not among the proposals")
        _fill(affinity[things[key]], row, people, key)
    allowed = np.ones(affinity.shape, dtype=np.bool_)
    for place, pair in enumerate(_pairs(data)):
        allowed[_known(pair, (things, people), place)] = False
    problem = Problem(
        affinity,
        allowed,
        np.array(loads, dtype=np.int64),
        np.full(len(things), wanted, dtype=np.int64),
        np.zeros(len(things)),
    )
    return AssignmentFile(tuple(row["id"] for row in reviewers), tuple(things), problem)


def _data(text: bytes) -> dict[str, Any]:
    try:
        data = json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        raise AssignmentFault(f"line {error.lineno}: not JSON: {error.msg}") from None
    except UnicodeDecodeError:
        raise AssignmentFault("not JSON: the text is not UTF-8") from None
    except RecursionError:
        raise AssignmentFault("not JSON: nested too deeply") from None
    if not isinstance(data, dict):
        raise AssignmentFault("an object is needed")
    return data


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = next(key for key, _ in pairs if counts[key] > 1)
        raise AssignmentFault(f"{twice!r:.60} stands twice in one object")
    return found


def _list(data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = data.get(name)
    if not isinstance(rows, list):
        raise AssignmentFault(f"{name}: a list is needed")
    for place, row in enumerate(rows):
        if not isinstance(row, dict):
            raise AssignmentFault(f"{name}[{place}]: an object is needed")
    return rows


def _dict(data: dict[str, Any], name: str) -> dict[str, Any]:
    rows = data.get(name, {})
    if not isinstance(rows, dict):
        raise AssignmentFault(f"{name}: an object is needed")
    return rows


def _ids(rows: list[dict[str, Any]], name: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, row in enumerate(rows):
        key = row.get("id")
        if type(key) not in {str, int} or key == "":
            raise AssignmentFault(f"{name}[{place}].id: a text is needed")
        if str(key) in found:
            raise AssignmentFault(f"{name}[{place}].id: {key!r:.60} stands twice")
        found[str(key)] = place
    return found


def _natural(value: Any, where: str, least: int) -> int:
    if type(value) is not int or not least <= value < 2**31:
        raise AssignmentFault(f"{where}: a whole number of at least {least} is needed")
    return value


def _fill(line: Any, row: Any, people: dict[str, int], key: str) -> None:
    if not isinstance(row, dict):
        raise AssignmentFault(f"affinity[{key!r:.60}]: an object is needed")
    for person, value in row.items():
        if person not in people:
            raise AssignmentFault(f"affinity[{key!r:.60}]: {person!r:.60} is not among the reviewers")
        if type(value) not in {int, float} or not _moderate(value):
            raise AssignmentFault(f"affinity[{key!r:.60}][{person!r:.60}]: a number is needed")
        line[people[person]] = value


def _moderate(value: float) -> bool:
    return math.isfinite(value) and abs(value) < 1e100 if type(value) is float else abs(value) < 10**100


def _pairs(data: dict[str, Any]) -> Iterable[Any]:
    pairs = data.get("conflicts", [])
    if not isinstance(pairs, list):
        raise AssignmentFault("conflicts: a list is needed")
    return pairs


def _known(pair: Any, names: tuple[dict[str, int], dict[str, int]], place: int) -> tuple[int, int]:
    if not isinstance(pair, list) or len(pair) != 2 or not all(type(key) in {str, int} for key in pair):
        raise AssignmentFault(f"conflicts[{place}]: a proposal and a reviewer are needed")
    for key, known, what in zip(pair, names, ("proposals", "reviewers"), strict=True):
        if str(key) not in known:
            raise AssignmentFault(f"conflicts[{place}]: {key!r:.60} is not among the {what}")
    return names[0][str(pair[0])], names[1][str(pair[1])]
