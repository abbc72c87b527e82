"""What sets two candidates apart by Schulze's rule: their duel, or the strongest path around it."""

from collections import deque
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from crowd.core.tally.explain.counted import Counted, number
from crowd.core.tally.explain.said import Said

Matrix = Mapping[str, Mapping[str, Any]]
"""Of a trace: only what is asked for is read as a number, since there are as many as pairs."""


def schulze(counted: Counted, first: str, second: str) -> Said:
    preferred, paths = counted.first["preferences"], counted.first["strongest_paths"]
    path, back = number(paths[first][second]), number(paths[second][first])
    values = {
        "first": number(preferred[first][second]),
        "second": number(preferred[second][first]),
        "path": path,
        "back": back,
    }
    if path > back:
        route = through(preferred, first, second, path)
        return Said("path" if route else "duel", first, second, values | {"through": route})
    others = (name for name in counted.order if name != second)
    above = next((name for name in others if number(paths[name][second]) > number(paths[second][name])), None)
    if above and counted.ranks[first] < counted.ranks[second]:
        beating = {"by": above, "over": number(paths[above][second]), "under": number(paths[second][above])}
        return Said("beaten_by", first, second, values | beating)
    return Said("level_paths", first, second, values)


def preferences(counted: Counted, among: Sequence[str]) -> dict[str, dict[str, Fraction]]:
    """How many prefer one to another, of these candidates."""
    raw: Matrix = counted.first["preferences"]
    return {name: {other: number(raw[name][other]) for other in among if other != name} for name in among}


def has_duels(counted: Counted) -> bool:
    """The count compares each two, and has somebody to compare."""
    return bool(counted.ranks and counted.rounds) and "preferences" in counted.first


def through(preferred: Matrix, start: str, end: str, strength: Fraction) -> tuple[str, ...]:
    """Whom the shortest path of victories at least that strong passes; nobody where the duel itself is one."""
    came: dict[str, str] = {start: start}
    waiting = deque([start])
    while waiting and end not in came:
        here = waiting.popleft()
        for there, votes in preferred[here].items():
            if there not in came and number(votes) >= strength and number(votes) > number(preferred[there][here]):
                came[there] = here
                waiting.append(there)
    route: list[str] = []
    here = came[end]
    while here != start:
        route.append(here)
        here = came[here]
    return tuple(reversed(route))
