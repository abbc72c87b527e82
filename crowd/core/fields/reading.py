"""Whether an answer fits its question. Used by form, API and import alike.

An answer is canonical JSON data: text, a list of texts, or for a file `{"id", "name", "size", "sha256"}`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from crowd.core.fields.definition import SEPARATOR, TEXTS, AnswerKind, Counted, CustomField, bound_of

LONGEST_LINE = 300
LONGEST_TEXT = 20_000
LONGEST_LINK = 2000
MOST_DIGITS = 30

Answer: TypeAlias = str | list[str] | dict[str, Any]
Answers: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class AnswerFault:
    """What is wrong with one answer: `code` names the sentence, `values` fill it."""

    field: str
    code: str
    values: tuple[tuple[str, str | int | date], ...] = ()


@dataclass(frozen=True)
class Reading:
    """`answers`: what was given and fits, by key; None where an answer was emptied."""

    answers: dict[str, Answer | None] = field(default_factory=dict)
    faults: tuple[AnswerFault, ...] = ()


class _Misfit(Exception):
    def __init__(self, code: str, **values: str | int | date) -> None:
        super().__init__(code)
        self.code, self.values = code, tuple(values.items())


def read_answers(fields: Iterable[CustomField], raw: Mapping[str, object]) -> Reading:
    """What was given for `fields`, in their order; keys that are no field's are ignored, absent ones left as they are."""
    answers: dict[str, Answer | None] = {}
    faults: list[AnswerFault] = []
    for asked in fields:
        if asked.key not in raw:
            continue
        try:
            answers[asked.key] = read_answer(asked, raw[asked.key])
        except _Misfit as misfit:
            faults.append(AnswerFault(asked.key, misfit.code, misfit.values))
    return Reading(answers, tuple(faults))


def read_answer(asked: CustomField, raw: object) -> Answer | None:
    """The canonical answer, None for an empty one."""
    return None if raw is None else _READERS[asked.kind](asked, raw)


def unready(fields: Iterable[CustomField], answers: Answers) -> tuple[AnswerFault, ...]:
    """What keeps these answers from being complete: `fields` are those that are required, or answered and too short."""
    found = (_unready(asked, answers.get(asked.key)) for asked in fields)
    return tuple(fault for fault in found if fault)


def _unready(asked: CustomField, answer: Any) -> AnswerFault | None:
    if not answer:
        return AnswerFault(asked.key, "part_missing")
    if asked.kind in TEXTS and asked.shortest is not None:
        count = count_of(asked, answer)
        if count < asked.shortest:
            return AnswerFault(asked.key, f"answer_few_{asked.counted}", (("least", asked.shortest), ("count", count)))
    return None


def count_of(asked: CustomField, text: str) -> int:
    return len(text.split()) if asked.counted is Counted.WORDS else len(text)


def cell_text(answer: Any) -> str:
    """An answer as one text, for a cell, a comparison or a search; all but files read back to the same."""
    if isinstance(answer, list):
        return f" {SEPARATOR} ".join(answer)
    if isinstance(answer, dict):
        return str(answer["name"])
    return answer or ""


def _text(raw: object) -> str:
    """Text without signs that cannot be stored or that steer a terminal."""
    if not isinstance(raw, str):
        raise _Misfit("answer_no_text")
    lines = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"})


def _line(raw: object) -> str:
    return " ".join(_text(raw).split())


def _read_short(asked: CustomField, raw: object) -> str | None:
    return _within(asked, _line(raw), LONGEST_LINE)


def _read_long(asked: CustomField, raw: object) -> str | None:
    return _within(asked, _text(raw).strip(), LONGEST_TEXT)


def _within(asked: CustomField, text: str, most: int) -> str | None:
    if len(text) > most:
        raise _Misfit("answer_many_characters", most=most, count=len(text))
    if asked.longest is not None and count_of(asked, text) > asked.longest:
        raise _Misfit(f"answer_many_{asked.counted}", most=asked.longest, count=count_of(asked, text))
    return text or None


def _read_choice(asked: CustomField, raw: object) -> str | None:
    chosen = _line(raw)
    if chosen and chosen not in asked.choices:
        raise _Misfit("answer_not_offered", value=chosen[:80])
    return chosen or None


def _read_choices(asked: CustomField, raw: object) -> list[str] | None:
    given = raw if isinstance(raw, list | tuple) else _line(raw).split(SEPARATOR)
    chosen = {line for line in map(_line, given) if line}
    for line in sorted(chosen - set(asked.choices)):
        raise _Misfit("answer_not_offered", value=line[:80])
    if asked.most_choices is not None and len(chosen) > asked.most_choices:
        raise _Misfit("answer_many_choices", most=asked.most_choices, count=len(chosen))
    return [choice for choice in asked.choices if choice in chosen] or None


_NUMBER = re.compile(r"[+\-−]?\d[\d.,'’\s]*")


def _read_number(asked: CustomField, raw: object) -> str | None:
    plain = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else _line(raw)
    if not plain:
        return None
    number = number_of(plain, asked.decimals)
    if number is None:
        raise _Misfit("answer_no_number")
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > asked.decimals:
        raise _Misfit("answer_decimals" if asked.decimals else "answer_not_whole", most=asked.decimals)
    _check_bounds(asked, number)
    return number_text(number)


def number_of(text: str, decimals: int) -> Decimal | None:
    """A number as people write it: grouped by blanks, dots, commas or apostrophes, its decimals after a dot or comma."""
    if not _NUMBER.fullmatch(text) or sum(sign.isdigit() for sign in text) > MOST_DIGITS:
        return None
    bare = re.sub(r"[\s'’]", "", text.replace("−", "-"))
    signs = [sign for sign in bare if sign in ".,"]
    if signs and (signs.count(signs[-1]) > 1 or (decimals == 0 and re.search(r"[.,]\d{3}$", bare))):
        whole, rest = bare, ""
    else:
        whole, _sep, rest = bare.rpartition(signs[-1]) if signs else (bare, "", "")
    if (set(whole) & set(".,")) and not re.fullmatch(r"[+-]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*", whole):
        return None
    digits = re.sub(r"[.,]", "", whole)
    return Decimal(f"{digits}.{rest}" if rest else digits) if re.fullmatch(r"[+-]?\d+", digits) else None


def number_text(number: Decimal) -> str:
    """`12.5`, never `12.50`, `1E+3` or `-0`."""
    plain = format(number, "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in {"-0", ""} else plain


def _read_date(asked: CustomField, raw: object) -> str | None:
    text = _line(raw)
    if not text:
        return None
    try:
        day = _day(text)
    except ValueError:
        raise _Misfit("answer_no_date") from None
    _check_bounds(asked, day)
    return day.isoformat()


def _day(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError(text)
    return date.fromisoformat(text)


def _check_bounds(asked: CustomField, value: Any) -> None:
    dated = asked.kind is AnswerKind.DATE
    if asked.least and value < (least := bound_of(asked.kind, asked.least)):
        raise _Misfit("answer_early" if dated else "answer_below", least=least if dated else asked.least)
    if asked.most and value > (most := bound_of(asked.kind, asked.most)):
        raise _Misfit("answer_late" if dated else "answer_above", most=most if dated else asked.most)


_WEB = re.compile(r"https?://(?:[\w-]+(?:\.[\w-]+)*\.?|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE)
_HOST_ALONE = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#].*)?")


def _read_link(asked: CustomField, raw: object) -> str | None:
    text = _line(raw)
    if not text:
        return None
    address = f"https://{text}" if _HOST_ALONE.fullmatch(text) else text
    if len(address) > LONGEST_LINK or not _WEB.fullmatch(address):
        raise _Misfit("answer_no_link")
    return address


def _read_file(asked: CustomField, raw: object) -> dict[str, Any] | None:
    """Only what was stored before: files are checked and kept by `crowd.files`."""
    if isinstance(raw, Mapping) and set(raw) == {"id", "name", "size", "sha256"}:
        return dict(raw)
    if raw == "":
        return None
    raise _Misfit("answer_file")


_READERS: dict[AnswerKind, Callable[[CustomField, object], Answer | None]] = {
    AnswerKind.SHORT: _read_short,
    AnswerKind.LONG: _read_long,
    AnswerKind.CHOICE: _read_choice,
    AnswerKind.CHOICES: _read_choices,
    AnswerKind.NUMBER: _read_number,
    AnswerKind.DATE: _read_date,
    AnswerKind.LINK: _read_link,
    AnswerKind.FILE: _read_file,
}
