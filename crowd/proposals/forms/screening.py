"""The form beside a proposal in screening. Three buttons decide: `outcome` is the one that was pressed."""

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import DateField, SelectField, StringField
from wtforms.validators import AnyOf, Optional

from crowd.core.status import ProposalStatus
from crowd.proposals.commands import ScreeningDecision
from crowd.proposals.forms.words import SCREENING_CODES
from crowd.web.forms import BaseForm, choice, long_text, version_field
from crowd.web.numbers import natural
from crowd.web.text import _l

OUTCOMES = (ProposalStatus.ELIGIBLE, ProposalStatus.INELIGIBLE, ProposalStatus.CORRECTION)
END_OF_DAY = time(23, 59)


class ScreeningForm(BaseForm):
    outcome = StringField(validators=[AnyOf([outcome.value for outcome in OUTCOMES], message=_l("Choose one."))])
    code = SelectField(_l("Reason"), [Optional()])
    text = long_text(
        _l("In words"),
        most=4000,
        needed=False,
        description=_l("The authors read this. Needed for “not eligible” and for a correction."),
    )
    due = DateField(_l("Correct by"), [Optional()], description=_l("The end of that day in the time zone of the call."))
    version = version_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code.choices = [choice("", "–"), *(choice(code.value, words) for code, words in SCREENING_CODES.items())]

    def decision(self, zone: str) -> ScreeningDecision:
        day = self.due.data
        due = datetime.combine(day, END_OF_DAY, ZoneInfo(zone)).astimezone(UTC) if day else None
        return ScreeningDecision(
            ProposalStatus(self.outcome.data or ""), code=self.code.data or "", text=self.text.data or "", due=due
        )

    @property
    def opened(self) -> int:
        return natural(self.version.data)
