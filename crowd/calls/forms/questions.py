"""The questions of the proposal form: add, remove, reorder, edit. What kind of answer a question asks for is chosen when it is added."""

import re
from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import AnyOf, Length, ValidationError

from crowd.calls.commands import Questions, free_key
from crowd.calls.forms.fields import Lines, Row, Rows, number_of, radio, whole_number
from crowd.calls.forms.section import Posted, SectionForm
from crowd.core.fields import (
    BOUNDED,
    CHOOSING,
    MOST_FIELDS,
    TEXTS,
    AnswerKind,
    Counted,
    CustomField,
    SeenBy,
    bound_of,
    number_text,
)
from crowd.core.fields import (
    number_of as read_number,
)
from crowd.core.rules import CallRules, Stage
from crowd.store.search import fold
from crowd.web.forms import choice, choices_of, long_text, one_line
from crowd.web.numbers import verb_and_number
from crowd.web.text import _, _l
from crowd.web.times import day_of
from crowd.web.words import ANSWER_KINDS, COUNTED, SEEN_BY, STAGES

KEY = re.compile(r"[a-z0-9_]{1,40}")
TO_HAND_IN = "yes"
FROM = "from:"

PARTS: dict[str, frozenset[AnswerKind]] = {
    "choices": CHOOSING,
    "most_choices": frozenset({AnswerKind.CHOICES}),
    "shortest": TEXTS,
    "longest": TEXTS,
    "counted": TEXTS,
    "least": BOUNDED,
    "most": BOUNDED,
    "decimals": frozenset({AnswerKind.NUMBER}),
}
"""Which settings a question has, by the kind of its answer."""


class QuestionRow(Row):
    key = HiddenField()
    kind = HiddenField(validators=[AnyOf([kind.value for kind in AnswerKind])])
    label = one_line(_l("Question"), most=150)
    help = long_text(_l("Help beneath it"), most=500, needed=False)
    choices = Lines(_l("Choices"), [Length(max=6000)], description=_l("One in each line, two at least."))
    most_choices = whole_number(_l("Choose at most"), 1, 60)
    shortest = whole_number(_l("At least"), 1, 20_000)
    longest = whole_number(_l("At most"), 1, 20_000)
    counted = radio(_l("Counted in"), Counted, COUNTED)
    least = StringField(_l("Least"))
    most = StringField(_l("Most"))
    decimals = whole_number(_l("Decimals"), 0, 6)
    needed = SelectField(_l("Is an answer needed?"))
    frozen_from = SelectField(_l("Until when may it be changed?"))
    seen_by = radio(_l("Who reads the answer?"), SeenBy, SEEN_BY)

    def __init__(self, rules: CallRules, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        stages = [(stage.key, _stage_words(stage, rules.time_zone)) for stage in rules.stages]
        self.needed.choices = [
            choice("", _("No")),
            choice(TO_HAND_IN, _("Yes, to hand in")),
            *(choice(FROM + key, _("Once “%(stage)s” opens", stage=words)) for key, words in stages[1:]),
        ]
        self.frozen_from.choices = [
            choice("", _("As long as the proposal can be edited")),
            *(choice(key, _("Until “%(stage)s” opens", stage=words)) for key, words in stages[1:]),
        ]
        self._keep_gone(stages)
        for name, kinds in PARTS.items():
            if self.kind.data not in kinds:
                del self[name]

    def _keep_gone(self, stages: Iterable[tuple[str, str]]) -> None:
        """A stage that was removed stays chosen, so that the checklist can say so."""
        known = {"", TO_HAND_IN, *(key for key, _words in stages)}
        for field, gone in (
            (self.needed, (self.needed.data or "").removeprefix(FROM)),
            (self.frozen_from, self.frozen_from.data or ""),
        ):
            if gone not in known and KEY.fullmatch(gone.replace("-", "_")):
                choices: Any = field.choices
                field.choices = [*choices, choice(field.data, _("a stage that is gone"))]

    @property
    def number(self) -> int:
        return number_of(self)

    @property
    def kind_words(self) -> str:
        return str(ANSWER_KINDS[AnswerKind(self.kind.data)]) if self.kind.data in set(AnswerKind) else ""

    def validate_least(self, field: Any) -> None:
        self._validate_bound(field)

    def validate_most(self, field: Any) -> None:
        self._validate_bound(field)

    def _validate_bound(self, field: Any) -> None:
        if field.data and field.data.strip() and _bound(self, field.data) is None:
            date = self.kind.data == AnswerKind.DATE
            raise ValidationError(
                _("Write a date as 2026-05-12.") if date else _("Write a number, such as 1200 or 12.5.")
            )


def _stage_words(stage: Stage, zone: str) -> str:
    return f"{STAGES[stage.kind]}, {day_of(stage.opens_at, 'd MMM y', zone)}"


def _bound(row: QuestionRow, text: str) -> str | None:
    """A bound in its canonical form, None for what cannot be read."""
    if row.kind.data == AnswerKind.NUMBER:
        number = read_number(text.strip(), 6)
        return None if number is None else number_text(number)
    try:
        return str(bound_of(AnswerKind.DATE, text.strip()))
    except ValueError:
        return None


class QuestionsForm(SectionForm):
    add_kind = SelectField(_l("What kind of answer?"))

    def initial(self, rules: CallRules) -> dict[str, Any]:
        return {}

    def prepare(self) -> None:
        self.add_kind.choices = choices_of(AnswerKind, ANSWER_KINDS)
        self.questions = self._rows(self.posted)
        if self.posted is None:
            self.questions.fill(_values(asked) for asked in self.rules.custom_fields)

    def _rows(self, posted: Posted) -> Rows[QuestionRow]:
        return Rows("questions", lambda **kwargs: QuestionRow(self.rules, **kwargs), posted)

    def rows(self) -> list[Rows[Any]]:
        return [self.questions]

    def press(self, act: str) -> bool:
        verb, number = verb_and_number(act)
        if verb in {"up", "down"} and number is not None:
            self._move(number, -1 if verb == "up" else 1)
            return True
        if verb == "remove" and number is not None:
            self.questions.remove(number)
            return True
        if act == "add" and len(self.questions.rows) < MOST_FIELDS and self.add_kind.data in set(AnswerKind):
            self.questions.add({"kind": self.add_kind.data, **_FRESH})
            return True
        return act == "preview"

    def _move(self, number: int, step: int) -> None:
        """Let two neighbours change places, with all that was typed in them."""
        numbers = [row.number for row in self.questions.rows]
        place = numbers.index(number) if number in numbers else -1
        if self.posted is None or place < 0 or not 0 <= place + step < len(numbers):
            return
        here, there = f"questions-{number}-", f"questions-{numbers[place + step]}-"
        self.questions = self._rows(_exchanged(self.posted, here, there))

    def change(self) -> Questions | None:
        made = self.asked()
        for row, asked in zip(self.questions.rows, made, strict=False):
            row.key.data = asked.key
        return None if self.questions.failed else Questions(made)

    def asked(self) -> tuple[CustomField, ...]:
        """The questions as the rows say them now, whether or not they could be saved."""
        taken = [row.key.data or "" for row in self.questions.rows if KEY.fullmatch(row.key.data or "")]
        made: list[CustomField] = []
        for row in self.questions.rows:
            if row.kind.data in set(AnswerKind):
                made.append(_asked(row, [each.key for each in made], taken))
        return tuple(made)


_FRESH = {"counted": Counted.CHARACTERS, "seen_by": SeenBy.PUBLIC, "decimals": 0}


def _exchanged(posted: MultiDict[str, str], here: str, there: str) -> MultiDict[str, str]:
    def renamed(name: str) -> str:
        if name.startswith(here):
            return there + name.removeprefix(here)
        return here + name.removeprefix(there) if name.startswith(there) else name

    return MultiDict([(renamed(name), value) for name, value in posted.items(multi=True)])


def _values(asked: CustomField) -> dict[str, Any]:
    names = ("key", "label", "help", "most_choices", "shortest", "longest", "counted", "least", "most", "decimals")
    needed = TO_HAND_IN if asked.required else FROM + asked.required_from if asked.required_from else ""
    return {name: getattr(asked, name) for name in names} | {
        "kind": asked.kind.value,
        "choices": "\n".join(asked.choices),
        "needed": needed,
        "frozen_from": asked.frozen_from or "",
        "seen_by": asked.seen_by,
    }


def _asked(row: QuestionRow, given: list[str], taken: list[str]) -> CustomField:
    """With the key it had, or a new one made of its label."""
    key, needed = row.key.data or "", row.needed.data or ""
    if key in given or not KEY.fullmatch(key):
        key = free_key(_key_of(row.label.data or ""), [*given, *taken]).replace("-", "_")
    own = {name: _setting(row, name) for name in PARTS if name in row}
    return CustomField(
        key=key,
        kind=AnswerKind(str(row.kind.data)),
        label=row.label.data or "",
        help=row.help.data or "",
        required=needed == TO_HAND_IN,
        required_from=needed.removeprefix(FROM) if needed.startswith(FROM) else None,
        frozen_from=row.frozen_from.data or None,
        seen_by=row.seen_by.data or SeenBy.PUBLIC,
        **own,
    )


def _setting(row: QuestionRow, name: str) -> Any:
    if name == "choices":
        return row.choices.lines()
    if name in {"least", "most"}:
        return _bound(row, row[name].data or "") or "" if row[name].data else ""
    if name == "counted":
        return row.counted.data or Counted.CHARACTERS
    return row[name].data or 0 if name == "decimals" else row[name].data


def _key_of(label: str) -> str:
    """`What would it cost?` → `what_would_it_cost`, for exports and imports."""
    words = re.findall(r"[a-z0-9]+", fold(label))
    return "_".join(words)[:36].strip("_") or "question"
