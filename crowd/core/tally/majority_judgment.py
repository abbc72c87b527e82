"""Majority judgment: the best median grade wins; equal medians are taken away one at a time until they differ.

Balinski and Laraki, "Majority Judgment" (MIT Press, 2011), chapters 1 and 12: a candidate's grades, sorted; the majority grade is the middle
one, of an even number the worse of the middle two. Tied candidates lose one grade of that word each, and the next middle ones are
compared, and so on (the lexicographic order of the majority values): this settles every tie except that of equal grades.
It is exact: no majority gauge, which orders the same but for near ties.

Grades are the profile's own (`grades`, best first), else six. A candidate left blank is given the worst grade, so that all have as many.
`scores`: the majority grade as a number, 0 the worst. With several seats the first of the ranking are elected.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cmp_to_key
from itertools import pairwise
from typing import Any

from crowd.core.tally.count import Count, Lot, Ranking, Terms, Ties, elect, rank_by, texts
from crowd.core.tally.profile import Kind, Profile
from crowd.core.tally.suited import suited
from crowd.core.tally.totals import points_given, seats_of

METHOD = "majority-judgment"
Run = tuple[int, int, int]
"""A stretch of the majority value: grade a, then grade b, in turn, n grades in all."""


def majority_judgment(profile: Profile, terms: Terms) -> Count:
    ballots = suited(profile, METHOD, (Kind.GRADE,))
    ids, grades = profile.ids, profile.grades
    given = dict(zip(ids, points_given(ballots, len(grades) - 1), strict=True))
    order = cmp_to_key(_compare)
    ranking = rank_by(ids, lambda name: order(given[name]))
    ties = Ties(Lot(ids, terms.seed))
    medians = {name: majority_grade(numbers) for name, numbers in given.items()}
    return Count(
        method=METHOD,
        winners=elect(ranking, seats_of(profile, terms) if ballots.total else 0, ties),
        ranking=ranking,
        scores=texts({name: len(grades) - 1 - grade for name, grade in medians.items()}),
        rounds=[
            {
                "round": 1,
                "grades": list(grades),
                "ballots_by_grade": {name: list(numbers) for name, numbers in given.items()},
                "majority_grades": {name: grades[grade] for name, grade in medians.items()},
                "compared": _compared(ranking, given, grades),
            }
        ],
        ties=ties.all,
        ballots=ballots.total,
        invalid=profile.read - ballots.total,
    )


def majority_grade(given: Sequence[int]) -> int:
    """The place of the middle grade, of an even number the worse of the two. `given[g]`: how many gave grade g, best first."""
    return next((first for first, _, _ in majority_value(given)), len(given) - 1)


def majority_value(given: Sequence[int]) -> Iterator[Run]:
    """The middle grade, the next middle one after taking it away, and so on, in stretches.

    From the middle outwards, the worse side first; of an odd number the middle itself comes before both.
    """
    total = sum(given)
    best_first = [(grade, number) for grade, number in enumerate(given) if number]
    better, worse = _split(best_first, total // 2)
    if total % 2:
        middle = worse[0][0]
        yield middle, middle, 1
        worse = [(middle, worse[0][1] - 1), *worse[1:]]
    yield from _alternating(worse, better[::-1])


def _split(runs: Sequence[tuple[int, int]], at: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The first `at` grades, and the others."""
    before, behind = [], []
    for grade, number in runs:
        taken = min(number, at)
        at -= taken
        before.append((grade, taken))
        behind.append((grade, number - taken))
    return [run for run in before if run[1]], [run for run in behind if run[1]]


def _alternating(first: Sequence[tuple[int, int]], second: Sequence[tuple[int, int]]) -> Iterator[Run]:
    """One of each in turn; both hold as many grades."""
    left, right = list(first[::-1]), list(second[::-1])
    while left and right:
        (a, many), (b, others) = left.pop(), right.pop()
        number = min(many, others)
        if number:
            yield a, b, 2 * number
        if many > number:
            left.append((a, many - number))
        if others > number:
            right.append((b, others - number))


def difference(one: Sequence[int], other: Sequence[int]) -> tuple[int, int, int] | None:
    """How many middle grades are equal before the first that differ, and these two; None if all are equal."""
    equal = 0
    left, right = list(majority_value(one))[::-1], list(majority_value(other))[::-1]
    while left and right:
        (a, b, many), (c, d, others) = left.pop(), right.pop()
        if a != c:
            return equal, a, c
        if b != d:
            return equal + 1, b, d
        number = min(many, others)
        equal += number
        left += [(a, b, many - number)] if many > number else []
        right += [(c, d, others - number)] if others > number else []
    return None


def _compare(one: Sequence[int], other: Sequence[int]) -> int:
    """Above 0 where `one` is the better. Both hold as many grades."""
    found = difference(one, other)
    return 0 if found is None else found[2] - found[1]


def _compared(ranking: Ranking, given: Mapping[str, Sequence[int]], grades: Sequence[str]) -> list[dict[str, Any]]:
    """Each tier with the next: what set them apart."""
    found = []
    for (better, *_), (worse, *_) in pairwise(ranking):
        apart = difference(given[better], given[worse])
        if apart:
            equal, one, other = apart
            found.append(
                {"candidates": [better, worse], "equal_middle_grades": equal, "then": [grades[one], grades[other]]}
            )
    return found
