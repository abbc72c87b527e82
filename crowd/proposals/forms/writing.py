"""The one form in which a proposal is written, before and after it is handed in."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from babel import Locale
from flask_babel import get_locale
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, MultipleFileField, SelectField, StringField
from wtforms.validators import Optional, ValidationError

from crowd.core.fields import CustomField, answer_part, unready
from crowd.core.rules import CallRules
from crowd.proposals.commands import LANGUAGES, LONGEST_TAG, MOST_TAGS, ProposalText
from crowd.web.answers import answer_fields, fault_words, given_answers, show_answers
from crowd.web.forms import BaseForm, choice, long_text, one_line, version_field
from crowd.web.numbers import natural
from crowd.web.text import _, _l, ngettext

_WHOLE = re.compile(r"\d{1,3}(?P<sign>[ .,'\u00a0\u202f])\d{3}(?:(?P=sign)\d{3})*|\d+")
LARGEST_COST = 2_000_000_000
PARTS = {"title": _l("Title"), "summary": _l("In short"), "body": _l("Proposal"), "cost": _l("Cost")}


def part_label(part: str, custom: Sequence[CustomField] = ()) -> str:
    """A part in the reader's words, a custom field as the call names it."""
    named = {answer_part(asked.key): asked.label for asked in custom}
    return named.get(part) or str(PARTS[part])


class ProposalForm(BaseForm):
    """A draft may be saved with parts missing; lengths hold always. `fixed`: keys of answers that can no longer be changed."""

    title = one_line(PARTS["title"], most=200, needed=False)
    summary = long_text(
        PARTS["summary"], most=600, needed=False, description=_l("Two or three sentences. They stand in the list.")
    )
    body = long_text(
        PARTS["body"],
        most=20_000,
        needed=False,
        description=_l("You can use **bold**, lists, links and tables (Markdown)."),
    )
    cost = StringField(PARTS["cost"], [Optional()])
    tags = StringField(_l("Tags"), [Optional()], description=_l("Parted by commas, at most eight."))
    language = SelectField(_l("Language of your text"))
    files = MultipleFileField(_l("Files"), [Optional()])
    version = version_field()
    draft = HiddenField()

    def __init__(self, rules: CallRules, *args: Any, fixed: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        self.custom = rules.custom_fields
        self._unbound_fields = [*(self._unbound_fields or ()), *answer_fields(rules, fixed)]
        super().__init__(*args, **kwargs)
        self.language.choices = language_choices()
        if rules.asks_cost:
            self.cost.description = _("In whole %(currency)s.", currency=rules.currency)
        else:
            del self.cost

    def validate_cost(self, field: StringField) -> None:
        text = (field.data or "").strip()
        if not _WHOLE.fullmatch(text):
            raise ValidationError(_("Write a whole amount, such as 1200."))
        if whole_amount(text) > LARGEST_COST:
            raise ValidationError(_("That is more than can be counted here."))

    def validate_tags(self, field: StringField) -> None:
        tags = split_tags(field.data or "")
        if len(tags) > MOST_TAGS:
            raise ValidationError(_("At most %(most)d tags.", most=MOST_TAGS))
        if any(len(tag) > LONGEST_TAG for tag in tags):
            raise ValidationError(_("A tag has at most %(most)d characters.", most=LONGEST_TAG))

    def validate_version(self, field: HiddenField) -> None:
        field.data = str(natural(field.data))

    def text(self) -> ProposalText:
        cost = (self.cost.data or "").strip() if "cost" in self else ""
        return ProposalText(
            title=self.title.data or "",
            summary=self.summary.data or "",
            body=self.body.data or "",
            cost=whole_amount(cost) if _WHOLE.fullmatch(cost) else None,
            language=self.language.data or "en",
            tags=split_tags(self.tags.data or ""),
            answers=given_answers(self, self.custom),
        )

    def show(self, text: ProposalText, version: int) -> None:
        """Put a stored text into the fields."""
        self.title.data, self.summary.data, self.body.data = text.title, text.summary, text.body
        self.tags.data, self.language.data = ", ".join(text.tags), text.language
        self.version.data = str(version)
        if "cost" in self:
            self.cost.data = "" if text.cost is None else str(text.cost)
        show_answers(self, self.custom, text.answers)

    def name_missing(self, missing: Iterable[str], text: ProposalText) -> None:
        """Say beside each required part that it is missing, or too short."""
        for part in missing:
            if part in self and not self[part].errors:
                self[part].errors = [*self[part].errors, _missing_words(self.custom, part, text)]

    @property
    def opened(self) -> int:
        return int(self.version.data or 0)


def form_of_fields(rules: CallRules, fields: Any) -> ProposalForm:
    """A form filled with names and values as they were once typed; `validate` asks for no token."""
    typed = MultiDict([(str(name), str(value)) for name, value in fields])
    return ProposalForm(rules, formdata=typed, meta={"csrf": False})


def _missing_words(custom: Sequence[CustomField], part: str, text: ProposalText) -> str:
    asked = [each for each in custom if answer_part(each.key) == part]
    faults = unready(asked, text.answers)
    return fault_words(faults[0]) if faults else _("This is needed.")


def whole_amount(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def split_tags(text: str) -> tuple[str, ...]:
    """Lower-case tags without the number sign, each once, sorted."""
    words = (" ".join(part.strip().lstrip("#").split()).lower() for part in re.split(r"[,;\n]", text))
    return tuple(sorted({word for word in words if word}))


def language_choices() -> list[Any]:
    """Languages by their name in the reader's language, the product's own two first."""
    reader = get_locale() or Locale("en")
    named = [(code, str(Locale(code).get_display_name(reader) or code).capitalize()) for code in LANGUAGES]
    return [choice(code, name) for code, name in [*named[:2], *sorted(named[2:], key=lambda pair: pair[1])]]


def file_facts(rules: CallRules, most_megabytes: int) -> str:
    """What may be attached, in words."""
    count = ngettext("At most one file", "At most %(num)d files", rules.max_attachments)
    return _(
        "%(count)s, up to %(size)d MB each: PDF, PNG, JPEG, WebP, GIF, plain text, or a document of Word, Excel, PowerPoint "
        "or LibreOffice. Places, names and scripts hidden in them are removed.",
        count=count,
        size=most_megabytes,
    )
