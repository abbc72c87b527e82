"""Forms of moderation."""

from typing import Any

from wtforms import SelectField

from crowd.core.status import ModerationCode
from crowd.moderation.commands import Complaint
from crowd.web.forms import BaseForm, choices_of, long_text
from crowd.web.text import _l
from crowd.web.words import MODERATION_WORDS

SENTENCES: dict[str, Any] = {
    "reported_already": _l("You reported this already. A moderator looks at it and you are told what comes of it."),
    "too_many_reports": _l("You reported a lot in the last hour. Go on a little later."),
    "hide_reason_needed": _l("Say why: its authors read this."),
}


class ReportForm(BaseForm):
    code = SelectField(_l("What is wrong"), choices=choices_of(ModerationCode, MODERATION_WORDS))
    text = long_text(
        _l("In words"),
        most=2000,
        needed=False,
        description=_l("Only the moderators read this, with your name. The authors do not learn who reported it."),
    )

    def command(self) -> Complaint:
        return Complaint(ModerationCode(self.code.data), self.text.data or "")


class HideForm(BaseForm):
    code = SelectField(
        _l("Kind of reason"),
        choices=choices_of(ModerationCode, MODERATION_WORDS),
        default=ModerationCode.OTHER.value,
        description=_l("Shown to everybody in its place."),
    )
    text = long_text(
        _l("Reason"), most=2000, needed=False, description=_l("Its authors and the organization read this.")
    )

    def command(self) -> Complaint:
        return Complaint(ModerationCode(self.code.data), self.text.data or "")
