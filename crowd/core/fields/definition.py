"""What a call asks beyond the text of a proposal, and whether such a question is well made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

MOST_FIELDS = 40
MOST_CHOICES = 60
SEPARATOR = "|"


class AnswerKind(StrEnum):
    """Stored in frozen rules; never rename."""

    SHORT = "short"
    LONG = "long"  # Markdown
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    DATE = "date"
    LINK = "link"
    FILE = "file"


class Counted(StrEnum):
    CHARACTERS = "characters"
    WORDS = "words"


class SeenBy(StrEnum):
    """Who reads the answer; its authors and the organizers always do, reviewers also what is public."""

    PUBLIC = "public"
    REVIEWERS = "reviewers"
    ORGANIZERS = "organizers"


@dataclass(frozen=True)
class CustomField:
    """One question. `required`: to hand in; `required_from`, `frozen_from`: keys of stages.

    `shortest` and `longest` hold for texts, `most_choices` for several choices, `least` and `most` for numbers and dates (as text).
    """

    key: str
    kind: AnswerKind
    label: str
    help: str = ""
    required: bool = False
    required_from: str | None = None
    frozen_from: str | None = None
    seen_by: SeenBy = SeenBy.PUBLIC
    choices: tuple[str, ...] = ()
    most_choices: int | None = None
    shortest: int | None = None
    longest: int | None = None
    counted: Counted = Counted.CHARACTERS
    least: str = ""
    most: str = ""
    decimals: int = 0


TEXTS = frozenset({AnswerKind.SHORT, AnswerKind.LONG})
CHOOSING = frozenset({AnswerKind.CHOICE, AnswerKind.CHOICES})
BOUNDED = frozenset({AnswerKind.NUMBER, AnswerKind.DATE})


def answer_part(key: str) -> str:
    """The name of a custom field in forms, and among missing parts."""
    return f"answer_{key}"


def definition_faults(asked: CustomField, stages: Sequence[str]) -> Iterator[str]:
    """What is wrong with a question, as codes; `stages`: keys of the call's stages in order.

    Codes: `field_label`, `field_choices` (two at least, each once, without the sign that parts them), `field_bounds` (unreadable,
    or the least above the most), `field_stage` (gone), `field_frozen_first` (fixed before it is required).
    """
    if not asked.label.strip():
        yield "field_label"
    if asked.kind in CHOOSING and not _choosable(asked.choices):
        yield "field_choices"
    if not _bounded(asked):
        yield "field_bounds"
    named = [key for key in (asked.required_from, asked.frozen_from) if key is not None]
    if not set(named) <= set(stages):
        yield "field_stage"
    elif len(named) == 2 and stages.index(named[1]) <= stages.index(named[0]):
        yield "field_frozen_first"


def _choosable(choices: Sequence[str]) -> bool:
    sound = all(choice.strip() and SEPARATOR not in choice for choice in choices)
    return sound and 2 <= len(choices) <= MOST_CHOICES and len(set(choices)) == len(choices)


def _bounded(asked: CustomField) -> bool:
    if asked.kind in TEXTS:
        return asked.shortest is None or asked.longest is None or asked.shortest <= asked.longest
    if asked.kind not in BOUNDED:
        return True
    try:
        bounds = [bound_of(asked.kind, text) for text in (asked.least, asked.most) if text]
    except (ValueError, InvalidOperation):
        return False
    return len(bounds) < 2 or bounds[0] <= bounds[1]


def bound_of(kind: AnswerKind, text: str) -> Any:
    """A bound as a value: a date or an exact decimal number. ValueError, InvalidOperation for what is neither."""
    if kind is AnswerKind.DATE:
        return date.fromisoformat(text)
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(text)
    return number
