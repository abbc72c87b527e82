"""Forms of the desk."""

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField
from wtforms.validators import AnyOf, Optional

from crowd.core.status import ProposalStatus
from crowd.proposals.commands import ScreeningCode, ScreeningDecision
from crowd.web.forms import BaseForm, choice, choices_of, long_text, one_line
from crowd.web.text import _l

OUTCOMES = (ProposalStatus.ELIGIBLE, ProposalStatus.INELIGIBLE, ProposalStatus.CORRECTION)
END_OF_DAY = time(23, 59)
CODES = {
    ScreeningCode.OFF_TOPIC: _l("Does not answer what the call asks"),
    ScreeningCode.INCOMPLETE: _l("Something required is missing or unreadable"),
    ScreeningCode.NOT_ENTITLED: _l("Its authors may not take part under the rules"),
    ScreeningCode.DUPLICATE: _l("The same proposal was handed in before"),
    ScreeningCode.RIGHTS: _l("Rights of others stand against it"),
    ScreeningCode.UNLAWFUL: _l("It breaks the law or the terms of use"),
    ScreeningCode.OTHER: _l("Another reason"),
}

SENTENCES: dict[str, object] = {
    "not_of_staff": _l("Only people of this organization look after its proposals."),
    "undone_already": _l("This was undone already."),
    "not_your_act": _l("Only the person who did this can undo it."),
    "not_your_note": _l("Only who wrote a note can take it away."),
    "not_your_filter": _l("Only who saved a filter can delete it."),
    "too_many_labels": _l("At most %(most)s labels. Delete one first."),
    "too_many_filters": _l("At most %(most)s saved filters. Delete one first."),
}


class LabelForm(BaseForm):
    name = one_line(_l("New label"), most=40, id="label-name")


class NoteForm(BaseForm):
    text = long_text(
        _l("Note"),
        most=4000,
    )


class FilterForm(BaseForm):
    """`query` is the table's address, read again as a query."""

    name = one_line(_l("Name"), most=80, id="filter-name")
    query = HiddenField()
    shared = BooleanField(_l("Share with the organization"))


class AlikeForm(BaseForm):
    """One screening decision for many; `outcome` is the button that was pressed."""

    outcome = StringField(validators=[AnyOf([outcome.value for outcome in OUTCOMES], message=_l("Choose one."))])
    code = SelectField(_l("Reason"), [Optional()])
    text = long_text(
        _l("In words"),
        most=4000,
        needed=False,
        description=_l("The authors read this. Needed for “not eligible” and for a correction."),
    )
    due = DateField(_l("Correct by"), [Optional()], description=_l("The end of that day in the time zone of the call."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code.choices = [choice("", "–"), *choices_of(ScreeningCode, CODES)]

    def decision(self, zone: str) -> ScreeningDecision:
        day = self.due.data
        due = datetime.combine(day, END_OF_DAY, ZoneInfo(zone)).astimezone(UTC) if day else None
        outcome = ProposalStatus(self.outcome.data or "")
        return ScreeningDecision(outcome, code=self.code.data or "", text=self.text.data or "", due=due)
