from collections import Counter
from math import exp, sqrt
from typing import Any

from crowd.core.verifier.frame import Election
from crowd.core.verifier.shared.first import first


def count(e: Election) -> Any:
    """Bradley–Terry: the strengths that make these comparisons likeliest, and for each a win and a loss against strength 0; right to 1e-6."""
    wins = Counter((e.ids.index(one), e.ids.index(two)) for _, won in e.ballots for one in won for two in won[one])
    size, strength, spread, ranking = range(len(e.ids)), [0.0] * len(e.ids), [[0.0]], list[list[str]]()
    for _ in range(100):  # Newton's method
        slopes = [1 - 2 / (1 + exp(-own)) for own in strength]
        curve = [[2 / (1 + exp(-s)) / (1 + exp(s)) * (one == two) for two in size] for one, s in enumerate(strength)]
        for (one, two), times in wins.items():
            unlikely = 1 / (1 + exp(strength[one] - strength[two]))
            for a, b, sign in ((one, two, 1), (two, one, -1)):
                slopes[a] += sign * times * unlikely
                curve[a][a] += times * unlikely * (1 - unlikely)
                curve[a][b] -= times * unlikely * (1 - unlikely)
        spread = inverse(curve)
        steps = [sum(row[place] * slopes[place] for place in size) for row in spread]
        strength = [strength[place] + steps[place] / max(1.0, *map(abs, steps)) for place in size]
        if all(abs(step) < 1e-9 for step in steps):
            break
    scores, theirs = {name: f"{own:.9f}" for name, own in zip(e.ids, strength, strict=True)}, e.published["scores"]
    if scores.keys() == theirs.keys() and all(abs(float(theirs[name]) - float(scores[name])) < 1e-6 for name in scores):
        scores = theirs
    for name in sorted(e.ids, key=lambda name: -float(scores[name])):  # tied: within two standard errors of the best
        best, own = e.ids.index(ranking[-1][0] if ranking else name), e.ids.index(name)
        variance = spread[best][best] + spread[own][own] - 2 * spread[best][own]
        apart = strength[best] - strength[own] - 2 * sqrt(max(0, variance))
        if abs(apart) < 1e-6:  # too close to be told: as published
            apart = -1 if any({e.ids[best], name} <= set(tied) for tied in e.published["ranking"]) else 1
        ranking = [*ranking[:-1], [*ranking[-1], name]] if ranking and apart <= 0 else [*ranking, [name]]
    return first(e, ranking) if wins else [], ranking, scores, {"ballots": wins.total(), "ties": e.ties}


def inverse(rows: list[list[float]]) -> list[list[float]]:
    for place, row in enumerate(rows):
        pivot, row[place] = row[place], 1.0
        row[:] = [value / pivot for value in row]
        for other in (each for each in rows if each is not row):
            factor, other[place] = other[place], 0.0
            other[:] = [own - factor * value for own, value in zip(other, row, strict=True)]
    return rows
