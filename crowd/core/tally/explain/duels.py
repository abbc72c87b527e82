"""What sets two candidates apart by Schulze's rule: their duel, or the strongest path around it."""

from collections import deque
from collections.abc import Mapping
from fractions import Fraction

from crowd.core.tally.explain.counted import Counted, numbers
from crowd.core.tally.explain.said import Said

Matrix = Mapping[str, Mapping[str, Fraction]]


def schulze(counted: Counted, first: str, second: str) -> Said:
    preferred, paths = matrix(counted, "preferences"), matrix(counted, "strongest_paths")
    path, back = paths[first][second], paths[second][first]
    values = {
        "first": preferred[first][second],
        "second": preferred[second][first],
        "path": path,
        "back": back,
    }
    if path > back:
        route = through(preferred, first, second, path)
        return Said("path" if route else "duel", first, second, values | {"through": route})
    above = next((name for name in counted.order if paths[name].get(second, 0) > paths[second].get(name, 0)), None)
    if above and counted.ranks[first] < counted.ranks[second]:
        beating = {"by": above, "over": paths[above][second], "under": paths[second][above]}
        return Said("beaten_by", first, second, values | beating)
    return Said("level_paths", first, second, values)


def matrix(counted: Counted, name: str) -> dict[str, dict[str, Fraction]]:
    return {key: numbers(row) for key, row in counted.first[name].items()}


def through(preferred: Matrix, start: str, end: str, strength: Fraction) -> tuple[str, ...]:
    """Whom the shortest path of victories at least that strong passes; nobody where the duel itself is one."""
    came: dict[str, str] = {start: start}
    waiting = deque([start])
    while waiting and end not in came:
        here = waiting.popleft()
        for there, votes in preferred[here].items():
            if there not in came and votes >= strength and votes > preferred[there][here]:
                came[there] = here
                waiting.append(there)
    route: list[str] = []
    here = came[end]
    while here != start:
        route.append(here)
        here = came[here]
    return tuple(reversed(route))
