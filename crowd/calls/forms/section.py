"""What the pages of authoring have in common: filled from the rules, read back as a change, told as text for comparing."""

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import SubmitField

from crowd.calls.commands import Change
from crowd.calls.forms.fields import Row, Rows
from crowd.core.rules import CallRules
from crowd.web.forms import BaseForm, version_field
from crowd.web.numbers import natural

Posted = MultiDict[str, str] | None


class SectionForm(BaseForm):
    """A page of authoring. Drafts may be incomplete: only what cannot be read is refused."""

    version = version_field()

    def __init__(self, rules: CallRules, posted: Posted, version: int) -> None:
        self.rules, self.posted = rules, posted
        super().__init__(formdata=posted, data={**self.initial(rules), "version": str(version)})
        self.prepare()

    def initial(self, rules: CallRules) -> dict[str, Any]:
        """Values of the fields, from the rules."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Choices and rows that depend on the rules."""

    def change(self) -> Change | None:
        """The change to make, or None with errors beside the fields. Only after `validate`."""
        raise NotImplementedError

    def rows(self) -> list[Rows[Any]]:
        return []

    def every_row(self) -> list[Row]:
        return [row for rows in self.rows() for row in rows.rows]

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        outcomes = [rows.validate() for rows in self.rows()]
        return bool(sound) and all(outcomes)

    def press(self, act: str) -> bool:
        """An act that only changes the form (adding or removing a row). True if it was one."""
        return False

    @property
    def opened(self) -> int:
        return posted_version(self.posted, self.version.name)

    def texts(self) -> list[tuple[str, str]]:
        """Every field in words, to show two versions side by side."""
        told = [(str(field.label.text), _told(field)) for field in self if _is_shown(field)]
        return told + [
            (str(field.label.text), _told(field)) for row in self.every_row() for field in row if _is_shown(field)
        ]


def posted_version(posted: Posted, name: str) -> int:
    """The version a form was opened with; 0, which no row has, when it is missing or no number."""
    return natural(posted.get(name, "") if posted is not None else "")


def _is_shown(field: Any) -> bool:
    hidden = getattr(field.widget, "input_type", "") == "hidden"
    return not hidden and not isinstance(field, SubmitField)


def _told(field: Any) -> str:
    chosen = getattr(field, "iter_choices", None)
    if chosen is not None:
        return ", ".join(str(option[1]) for option in field.iter_choices() if option[2])
    return "" if field.data in {None, False} else "✓" if field.data is True else str(field.data)
