from itertools import permutations
from math import inf
from typing import Any

from crowd.core.verifier.frame import Election
from crowd.core.verifier.shared.duels import duels
from crowd.core.verifier.shared.first import first
from crowd.core.verifier.shared.shown import shown


def count(e: Election) -> Any:
    """Schulze, winning votes: who has to every other a path of victories at least as strong as any path back comes first."""
    prefer = duels(e, lambda rank: rank or inf)
    paths = {(a, b): prefer[a, b] * (prefer[a, b] > prefer[b, a]) for a, b in permutations(e.ids, 2)}
    for through in e.ids:
        for (a, b), direct in paths.items():
            if through not in {a, b}:
                paths[a, b] = max(direct, min(paths[a, through], paths[through, b]))
    beats = {a: {b for b in e.ids if a != b and paths[a, b] > paths[b, a]} for a in e.ids}
    left, ranking = e.ids, []
    while left:
        ranking.append([name for name in left if not any(name in beats[other] for other in left)])
        left = [name for name in left if name not in ranking[-1]]
    numbers = {"round": 1, "preferences": matrix(e, prefer), "strongest_paths": matrix(e, paths)}
    scores = {name: str(len(beaten)) for name, beaten in beats.items()}
    return first(e, ranking), ranking, scores, {"rounds": [numbers], "ties": e.ties}


def matrix(e: Election, pairs: Any) -> dict[str, Any]:
    return {one: shown(e, {other: pairs[one, other] for other in e.ids if other != one}) for one in e.ids}
