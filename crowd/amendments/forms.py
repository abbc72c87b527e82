"""The reason of an amendment with the date of consent, and the answer to it."""

from datetime import datetime
from typing import Any

from flask import request
from wtforms import RadioField

from crowd.amendments.commands import Publish
from crowd.core.status import ConsentAnswer
from crowd.web.clock_field import WallClock, clock_text
from crowd.web.forms import BaseForm, choices_of, long_text, required, version_field
from crowd.web.text import _, _l
from crowd.web.times import zone_name, zone_of

SENTENCES: dict[str, Any] = {
    "amendment_empty": _l("Nothing has changed yet: edit the copy of the rules first."),
    "amendment_refused": _l("Some of these changes are not possible: the list says which and why."),
    "amendment_waits": _l("An amendment waits for consent. Take it back before you begin another."),
    "amendment_too_late": _l("It is too late to ask for consent: people need three days before the next decision."),
    "amendment_date": _l("Give at least three days, and end before the next vote, review or decision begins."),
}
ANSWERS = {
    ConsentAnswer.ACCEPT: _l("I accept: my proposal stays, under the amended rules"),
    ConsentAnswer.LEAVE: _l("I do not accept: withdraw my proposal if the amendment comes into force"),
}


class AmendmentForm(BaseForm):
    version = version_field()
    reason = long_text(
        _l("Reason"),
        most=1000,
        description=_l("Public: it stands beside the amendment and in the notice to everybody."),
    )
    decide_by = WallClock(_l("Answers until"), [required()])

    def __init__(self, zone: str, *, asks: bool, suggested: datetime, version: int) -> None:
        self.zone, self.asks = zone, asks
        super().__init__(data={"version": str(version), "decide_by": clock_text(suggested, zone)})
        if asks:
            self.decide_by.description = _(
                "By the clock of %(zone)s. Without everybody's answer the amendment lapses then.",
                zone=zone_name(zone_of(zone)),
            )
        else:
            del self.decide_by

    @property
    def opened(self) -> int:
        return request.form.get("version", default=0, type=int)

    def command(self) -> Publish | None:
        """Only after `validate`; None with an error beside the date."""
        if not self.asks:
            return Publish(self.reason.data or "")
        moment = self.decide_by.moment(self.zone)
        return Publish(self.reason.data or "", moment) if moment else None


class AnswerForm(BaseForm):
    answer = RadioField(_l("Your answer"), [required()], coerce=ConsentAnswer)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.answer.choices = choices_of(ConsentAnswer, ANSWERS)
