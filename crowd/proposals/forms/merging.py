"""Two texts of one proposal, part by part; and what is chosen of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import FileField, HiddenField, MultipleFileField, SelectField, SelectMultipleField

from crowd.core.diff import Paragraph, diff
from crowd.proposals.forms.writing import ProposalForm

PICK = "pick-"
THEIRS = "theirs"


@dataclass(frozen=True)
class Part:
    """One part of the form in both texts: `values` as the form posts them, and, where they differ, how (old: theirs)."""

    name: str
    label: str
    values: tuple[str, ...]
    changes: tuple[Paragraph, ...]

    @property
    def differs(self) -> bool:
        return bool(self.changes)


def parts_of(mine: ProposalForm, theirs: ProposalForm) -> list[Part]:
    """Every part that both forms have, in the order of the form."""
    pairs = [(field, theirs[field.name]) for field in _parts(mine) if field.name in theirs]
    return [
        Part(
            own.name, own.label.text, values_of(own), _changes(own, other) if values_of(own) != values_of(other) else ()
        )
        for own, other in pairs
    ]


def resolved(posted: MultiDict[str, str], theirs: ProposalForm) -> MultiDict[str, str]:
    """The posted fields, with the stored ones where theirs were picked. Everything else is as typed on the page of both texts."""
    fields = MultiDict([(name, value) for name, value in posted.items(multi=True) if not name.startswith(PICK)])
    for field in _parts(theirs):
        if posted.get(PICK + field.name) == THEIRS:
            fields.setlist(field.name, list(values_of(field)))
    return fields


def is_choice(posted: MultiDict[str, str]) -> bool:
    """Whether these fields come from the page of both texts."""
    return any(name.startswith(PICK) for name in posted)


def values_of(field: Any) -> tuple[str, ...]:
    if isinstance(field, SelectMultipleField):
        return tuple(str(value) for value in field.data or ())
    if hasattr(field, "_value"):
        return (str(field._value()),)  # noqa: SLF001 (the field's own words for its input)
    return ("" if field.data is None else str(field.data),)


def _parts(form: ProposalForm) -> Iterator[Any]:
    return (field for field in form if not isinstance(field, HiddenField | FileField | MultipleFileField))


def _changes(own: Any, other: Any) -> tuple[Paragraph, ...]:
    return diff(_words(other), _words(own))


def _words(field: Any) -> str:
    """What a reader sees of a field: the labels of what is chosen, else its text."""
    if isinstance(field, SelectField):
        chosen = set(values_of(field))
        return "\n".join(str(option.label.text) for option in field if str(option.data) in chosen)
    return "\n".join(values_of(field))
