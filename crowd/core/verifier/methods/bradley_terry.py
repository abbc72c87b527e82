from collections import Counter
from math import exp, sqrt
from typing import Any

from crowd.core.verifier.frame import Election
from crowd.core.verifier.shared.order import first


def count(e: Election) -> Any:
    """Bradley–Terry: the strengths that make these comparisons likeliest, and for each a win and a loss against the strength 0 besides.

    Right to 1e-6. Tied are those within two standard errors of the best among them; where that is as close as 1e-6, as published.
    """
    wins = Counter((e.ids.index(one), e.ids.index(two)) for _, won in e.ballots for one in won for two in won[one])
    strength, covariance = [0.0] * len(e.ids), list[list[float]]()
    for _ in range(50):  # Newton's method
        slopes = [1 - 2 / (1 + exp(-own)) for own in strength]
        curve = [
            [2 / (1 + exp(-own)) / (1 + exp(own)) * (one == two) for two in range(len(e.ids))]
            for one, own in enumerate(strength)
        ]
        for (one, two), times in wins.items():
            chance = 1 / (1 + exp(strength[two] - strength[one]))
            slopes[one] += times * (1 - chance)
            slopes[two] -= times * (1 - chance)
            for a, b in ((one, two), (two, one)):
                curve[a][a] += times * chance * (1 - chance)
                curve[a][b] -= times * chance * (1 - chance)
        covariance = inverse(curve)
        steps = [sum(a * b for a, b in zip(row, slopes, strict=True)) for row in covariance]
        longest = max(map(abs, steps), default=0.0)
        strength = [own + step / max(1.0, longest) for own, step in zip(strength, steps, strict=True)]
        if longest < 1e-8:
            break
    scores, theirs = {name: f"{own:.9f}" for name, own in zip(e.ids, strength, strict=True)}, e.published["scores"]
    if scores.keys() == theirs.keys() and all(abs(float(theirs[name]) - float(scores[name])) < 1e-6 for name in scores):
        scores = theirs
    ranking: list[list[str]] = []
    for name in sorted(e.ids, key=lambda name: -float(scores[name])):
        best, own = e.ids.index(ranking[-1][0] if ranking else name), e.ids.index(name)
        error = sqrt(max(0, covariance[best][best] + covariance[own][own] - 2 * covariance[best][own]))
        apart = strength[best] - strength[own] - 2 * error
        published = any({e.ids[best], name} <= set(tied) for tied in e.published["ranking"])
        if ranking and (apart <= 0 if abs(apart) > 1e-6 else published):
            ranking[-1].append(name)
        else:
            ranking.append([name])
    return first(e, ranking) if wins else [], ranking, scores, {"ballots": wins.total()}


def inverse(rows: list[list[float]]) -> list[list[float]]:
    for place, row in enumerate(rows):
        pivot, row[place] = row[place], 1.0
        row[:] = [value / pivot for value in row]
        for other in rows:
            if other is not row:
                factor, other[place] = other[place], 0.0
                other[:] = [own - factor * value for own, value in zip(other, row, strict=True)]
    return rows
