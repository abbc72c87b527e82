"""The custom fields of a call as form fields. The same for writing, for the preview while a call is written, and for staff who enter."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from wtforms import FileField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, DateInput, ListWidget

from crowd.core.fields import TEXTS, AnswerFault, AnswerKind, Counted, CustomField, SeenBy, answer_part, read_answers
from crowd.core.rules import CallRules
from crowd.web.errors import sentence
from crowd.web.forms import BaseForm, choice, version_field
from crowd.web.numbers import natural
from crowd.web.text import _, in_digits, ngettext
from crowd.web.times import day
from crowd.web.words import STAGES

MOST_RADIOS = 7
"""More choices than this are a list to choose from."""


class AnswersForm(BaseForm):
    """Some of a call's questions alone."""

    version = version_field()

    def __init__(self, rules: CallRules, asked: Sequence[CustomField], *args: Any, **kwargs: Any) -> None:
        self.custom = tuple(asked)
        others = frozenset(each.key for each in rules.custom_fields if each not in self.custom)
        self._unbound_fields = [*(self._unbound_fields or ()), *answer_fields(rules, others)]
        super().__init__(*args, **kwargs)

    @property
    def opened(self) -> int:
        return natural(self.version.data)


class _Day(StringField):
    """A date as text: what was typed comes back as it was."""

    widget = DateInput()


class _Fits:
    """The validator of one question: `core.fields` decides."""

    def __init__(self, asked: CustomField) -> None:
        self.asked = asked
        longest = asked.longest if asked.kind in TEXTS else None
        self.field_flags = {} if longest is None else {_LIMITS[asked.counted]: longest}

    def __call__(self, _form: Any, field: Any) -> None:
        for fault in read_answers([self.asked], {self.asked.key: field.data}).faults:
            raise ValidationError(fault_words(fault))


_LIMITS = {Counted.CHARACTERS: "maxlength", Counted.WORDS: "maxwords"}


def fault_words(fault: AnswerFault) -> str:
    return sentence(fault.code, **dict(fault.values))


def answer_fields(rules: CallRules, fixed: frozenset[str] = frozenset()) -> list[tuple[str, Any]]:
    """Names and unbound fields, in order; `fixed`: keys of what can no longer be changed."""
    return [(answer_part(asked.key), _field(asked, rules)) for asked in rules.custom_fields if asked.key not in fixed]


def _field(asked: CustomField, rules: CallRules) -> Any:
    common: dict[str, Any] = {"label": asked.label, "description": remarks(asked, rules)}
    if asked.kind is AnswerKind.FILE:
        return FileField(**common)
    common["validators"] = [_Fits(asked)]
    if asked.kind is AnswerKind.CHOICE:
        return _one_of(asked, common)
    return _several_of(asked, common) if asked.kind is AnswerKind.CHOICES else _typed(asked, common)


def _typed(asked: CustomField, common: dict[str, Any]) -> Any:
    if asked.kind is AnswerKind.LONG:
        return TextAreaField(**common)
    if asked.kind is AnswerKind.DATE:
        return _Day(**common)
    if asked.kind is AnswerKind.LINK:
        return StringField(**common, render_kw={"type": "url", "placeholder": "https://"})
    if asked.kind is AnswerKind.NUMBER:
        return StringField(**common, render_kw={"inputmode": "decimal" if asked.decimals else "numeric"})
    return StringField(**common)


def _several_of(asked: CustomField, common: dict[str, Any]) -> Any:
    return SelectMultipleField(
        **common,
        choices=[choice(each, each) for each in asked.choices],
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


def _one_of(asked: CustomField, common: dict[str, Any]) -> Any:
    choices = [choice(each, each) for each in asked.choices]
    if asked.required and len(choices) <= MOST_RADIOS:
        return RadioField(**common, choices=choices, validate_choice=False)
    return SelectField(**common, choices=[choice("", _("choose")), *choices], validate_choice=False)


def remarks(asked: CustomField, rules: CallRules) -> str:
    """The help of the call's authors, then what the rules say: limits, from when it is needed or fixed, who reads it."""
    return " ".join(filter(None, [asked.help.strip(), *_limits(asked), *_stages(asked, rules), _readers(asked)]))


def _limits(asked: CustomField) -> list[str]:
    if asked.kind in TEXTS:
        return _lengths(asked)
    found = []
    if asked.kind is AnswerKind.CHOICES and asked.most_choices:
        found.append(ngettext("Choose at most %(num)d.", "Choose at most %(num)d.", asked.most_choices))
    if asked.kind in {AnswerKind.NUMBER, AnswerKind.DATE}:
        found += _bounds(asked)
    if asked.kind is AnswerKind.NUMBER and asked.decimals:
        found.append(ngettext("With at most %(num)d decimal.", "With at most %(num)d decimals.", asked.decimals))
    return found


def _lengths(asked: CustomField) -> list[str]:
    words = asked.counted is Counted.WORDS
    found = [_("You can use **bold**, lists, links and tables (Markdown).")] if asked.kind is AnswerKind.LONG else []
    if asked.shortest:
        found.append(
            ngettext("At least %(num)d word.", "At least %(num)d words.", asked.shortest)
            if words
            else ngettext("At least %(num)d character.", "At least %(num)d characters.", asked.shortest)
        )
    if asked.longest and words:
        found.append(ngettext("At most %(num)d word.", "At most %(num)d words.", asked.longest))
    return found


def _bounds(asked: CustomField) -> list[str]:
    least, most = bound_words(asked, asked.least), bound_words(asked, asked.most)
    if least and most:
        return [_("From %(least)s to %(most)s.", least=least, most=most)]
    if least:
        return [_("From %(least)s on.", least=least)]
    return [_("At most %(most)s.", most=most)] if most else []


def bound_words(asked: CustomField, bound: str) -> str:
    if asked.kind is AnswerKind.NUMBER:
        return in_digits(bound)
    if asked.kind is AnswerKind.DATE and bound:
        return day(date.fromisoformat(bound))
    return bound


def _stages(asked: CustomField, rules: CallRules) -> list[str]:
    kinds = {stage.key: STAGES[stage.kind] for stage in rules.stages}
    found = []
    if asked.required_from in kinds:
        found.append(_("Needed once “%(stage)s” opens.", stage=kinds[asked.required_from]))
    if asked.frozen_from in kinds:
        found.append(_("Can be changed until “%(stage)s” opens.", stage=kinds[asked.frozen_from]))
    return found


def _readers(asked: CustomField) -> str:
    match asked.seen_by:
        case SeenBy.REVIEWERS:
            return _("Only reviewers and the organization read it.")
        case SeenBy.ORGANIZERS:
            return _("Only the organization reads it.")
        case _:
            return ""


def show_answers(form: Any, fields: Iterable[CustomField], answers: Any) -> None:
    """Put stored answers into the fields of a form."""
    for asked in fields:
        name = answer_part(asked.key)
        if name in form and asked.kind is not AnswerKind.FILE:
            form[name].data = answers.get(asked.key) or ([] if asked.kind is AnswerKind.CHOICES else "")


def given_answers(form: Any, fields: Sequence[CustomField]) -> dict[str, Any]:
    """What the form holds, as a change: None takes an answer away. Files are no part of it."""
    raw = {
        asked.key: form[answer_part(asked.key)].data or ""
        for asked in fields
        if asked.kind is not AnswerKind.FILE and answer_part(asked.key) in form
    }
    return dict(read_answers(fields, raw).answers)
