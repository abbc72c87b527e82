from typing import Any

from crowd.core.verifier.frame import Election
from crowd.core.verifier.shared.first import first
from crowd.core.verifier.shared.tiers import tiers


def count(e: Election) -> Any:
    """Majority judgment: the better middle grade; of equal ones the middle grade is taken away and the next compared, and so on."""
    given = {name: [0] * len(e.terms["grades"]) for name in e.ids}
    for weight, grades in e.ballots:
        for name in e.ids:
            given[name][grades.get(name, 0)] += weight
    values = {name: majority_value(numbers) for name, numbers in given.items()}
    ranking = tiers(e.ids, values.get)
    scores = {name: str(value[0][0]) if value else "0" for name, value in values.items()}
    return first(e, ranking), ranking, scores, {"ties": e.ties}


def majority_value(given: list[int]) -> tuple[tuple[int, ...], ...]:
    """What orders like the list of grades taken from the middle one by one, the worse of two first.

    With every grade twice (which changes no order) they come in pairs: the next worse one, the next better one. Where a pair stays the
    same for a while it is noted once, with how it ends: if by a worse grade, the later the better, if by a better one, the sooner.
    """
    below = [2 * sum(given[:grade]) for grade in range(len(given) + 1)]
    half, at, value = below[-1] // 2, 0, []
    while at < half:
        low = max(grade for grade in range(len(given)) if below[grade] < half - at)
        high = min(grade for grade in range(len(given)) if below[grade + 1] > half + at)
        down, up = half - below[low], below[high + 1] - half
        at = min(down, up)
        value.append((low, high, *((0, 0) if at == half else (-1, at) if down == at else (1, -at))))
    return tuple(value)
