"""What a ballot says once one candidate is merged into another: each voter counts once.

Where it names both, the better of what it says of either holds: the mark, the higher score, grade or place. Dots of the cumulative
method are added up, as they were the voter's to give; votes of the quadratic one are not, as together they would cost more.
"""

from collections.abc import Mapping
from typing import TypeVar

from crowd.core.rules import Round, VotingMethod
from crowd.core.tally.choices import KIND_OF, Choices
from crowd.core.tally.profile import Kind

K = TypeVar("K")


def moved(choices: Choices, round_: Round, source: str, target: str) -> Choices:
    """The ballot with `target` in the place of `source`; the same value where it does not name it."""
    passed = tuple(each for each in choices.passed if source not in each[0])
    if source not in choices.named and passed == choices.passed:
        return choices
    kind = KIND_OF[round_.method]
    if kind is Kind.PAIR:
        pairs = _pairs(choices.pairs, source, target)
        said = {frozenset(pair) for pair in pairs}
        return Choices(pairs=pairs, passed=tuple(each for each in passed if frozenset(each[0]) not in said))
    marks = dict(choices.marks)
    mine, theirs = marks.pop(source), marks.get(target, 0)
    if not mine or not theirs:
        marks[target] = mine or theirs
    elif round_.method is VotingMethod.CUMULATIVE:
        marks[target] = mine + theirs
    else:
        best = min if kind in {Kind.RANK, Kind.GRADE} else max
        marks[target] = best(mine, theirs)
    return Choices(marks)


def followed(choices: Choices, round_: Round, merges: Mapping[str, str]) -> tuple[Choices, dict[str, str]]:
    """The ballot once all of `merges` (which → into which) are followed, and those of them that it named."""
    met = dict[str, str]()
    for source, target in merges.items():
        before, choices = choices, moved(choices, round_, source, target)
        if choices != before:
            met[source] = target
    return choices, met


def ends_of(merged: Mapping[K, K]) -> dict[K, K]:
    """Which → into which, where what was merged into was merged itself: to the end."""
    found = dict[K, K]()
    for source in merged:
        target = merged[source]
        while target in merged:
            target = merged[target]
        found[source] = target
    return found


def _pairs(pairs: tuple[tuple[str, str], ...], source: str, target: str) -> tuple[tuple[str, str], ...]:
    """What was said of the target itself comes first; of the rest what neither repeats nor contradicts it."""
    said = {frozenset(pair) for pair in pairs if source not in pair}
    found = []
    for pair in pairs:
        if source in pair:
            winner, loser = (target if name == source else name for name in pair)
            if winner == loser or frozenset((winner, loser)) in said:
                continue
            said.add(frozenset((winner, loser)))
            found.append((winner, loser))
        else:
            found.append(pair)
    return tuple(found)
