"""What synthetic people write and choose: answers that fit every question, ballots that fit every method. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise
from math import isqrt
from typing import Any

from crowd.core.fields import LONGEST_LINE, LONGEST_TEXT, AnswerKind, Counted, CustomField, bound_of, number_text
from crowd.core.rules import BUDGET_METHODS, Round, VotingMethod
from crowd.core.tally.ballots import HIGHEST_SCORE
from crowd.core.tally.choices import KIND_OF, Choices, grades_of
from crowd.core.tally.profile import Kind

FEW = 5
"""Candidates that a synthetic voter has a liking for, unless the rules allow fewer."""
USUAL_WORDS, USUAL_LENGTH = 3, 80


def made_up_answer(asked: CustomField) -> Any:
    """Raw, as a form would send it; a file is no text and left to the caller."""
    match asked.kind:
        case AnswerKind.CHOICE | AnswerKind.CHOICES:
            return asked.choices[0]
        case AnswerKind.NUMBER:
            return _number(asked)
        case AnswerKind.DATE:
            return asked.least or asked.most or date(2030, 1, 1).isoformat()
        case AnswerKind.LINK:
            return "https://example.org/"
        case _:
            return _words(asked) if asked.counted is Counted.WORDS else _signs(asked)


def _number(asked: CustomField) -> str:
    bound, way = asked.least or asked.most or "1", ROUND_CEILING if asked.least else ROUND_FLOOR
    step = Decimal(1).scaleb(-asked.decimals)
    return number_text(Decimal(bound_of(asked.kind, bound)).quantize(step, rounding=way))


def _words(asked: CustomField) -> str:
    most = LONGEST_LINE if asked.kind is AnswerKind.SHORT else LONGEST_TEXT
    count = max(asked.shortest or 0, min(USUAL_WORDS, asked.longest or USUAL_WORDS))
    word = "word" if count * len("word ") <= most else "a"
    return " ".join([word] * count)


def _signs(asked: CustomField) -> str:
    length = max(asked.shortest or 0, min(USUAL_LENGTH, asked.longest or USUAL_LENGTH))
    return ("word " * length)[: length - 1] + "."


def made_up_ballot(listed: Sequence[str], place: int, rules: Round, costs: Mapping[str, int | None]) -> Choices:
    """The ballot of the voter at `place`; those that stand earlier on the list are liked a little more."""
    kind = KIND_OF[rules.method]
    liked = _liked(listed, place, min(rules.max_choices or FEW, len(listed)))
    if kind is Kind.PAIR:
        compared = list(dict.fromkeys([*liked, *listed]))[: max(len(liked), 2)]
        return Choices(pairs=tuple(pairwise(compared)))
    if kind is Kind.APPROVE:
        return Choices(dict.fromkeys(_affordable(liked, rules, costs), 1))
    if kind is Kind.RANK:
        return Choices({key: number for number, key in enumerate(liked, start=1)})
    if kind is Kind.POINTS:
        return Choices(_spent_on(liked, rules))
    most = len(grades_of(rules)) if kind is Kind.GRADE else HIGHEST_SCORE
    return Choices({key: (place + listed.index(key)) % most + 1 for key in liked})


def _liked(listed: Sequence[str], place: int, most: int) -> list[str]:
    steps = [(place * (step + 1) + step * step) % max(len(listed) - place % 3, 1) for step in range(most)]
    return [listed[number] for number in dict.fromkeys(steps)]


def _affordable(liked: Sequence[str], rules: Round, costs: Mapping[str, int | None]) -> list[str]:
    if rules.method not in BUDGET_METHODS or rules.budget is None:
        return list(liked)
    basket, left = [], rules.budget
    for key in liked:
        cost = costs.get(key) or 0
        if cost <= left:
            basket.append(key)
            left -= cost
    return basket


def _spent_on(liked: Sequence[str], rules: Round) -> dict[str, int]:
    """The same number of points for each, and for no more than can be paid for."""
    points = rules.points or len(liked)
    some = list(liked[:points])
    each = points // max(len(some), 1)
    return dict.fromkeys(some, isqrt(each) if rules.method is VotingMethod.QUADRATIC else each)
