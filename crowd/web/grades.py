"""The words of majority judgment as people read them: those that the rules hold as they are, the six usual ones translated."""

from collections.abc import Mapping
from typing import Any

from crowd.core.rules import Round
from crowd.core.tally.choices import grades_of
from crowd.web.text import _l

USUAL: Mapping[str, Any] = {
    "excellent": _l("excellent"),
    "very good": _l("very good"),
    "good": _l("good"),
    "acceptable": _l("acceptable"),
    "poor": _l("poor"),
    "to reject": _l("to reject"),
}
"""Ballots hold them in English, whoever reads them."""


def grade_word(word: str, round_: Round) -> str:
    return word if round_.grades else str(USUAL.get(word, word))


def grade_words(round_: Round) -> tuple[str, ...]:
    """The best first."""
    return tuple(grade_word(word, round_) for word in grades_of(round_))
