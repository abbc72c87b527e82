"""Acts upon the schedule of a running call, each with its public reason."""

from typing import Any

from wtforms import RadioField, SelectField

from crowd.calls.commands import AnnounceClose, Cancel, CloseEarly, End, Extend, Pause, Resume, ScheduleAct
from crowd.calls.forms.section import Posted, posted_version
from crowd.core.rules import Stage
from crowd.core.shifts import Act
from crowd.core.subjects import CallFacts
from crowd.store.db import utc_now
from crowd.web.clock_field import WallClock, clock_text
from crowd.web.forms import BaseForm, choice, long_text, required, version_field
from crowd.web.text import _, _l
from crowd.web.times import zone_name, zone_of
from crowd.web.words import STAGES

NEXT_NOW, AT_ITS_DATE = "now", "date"
PLAIN: dict[Act, type[Pause | Resume | AnnounceClose | Cancel | End]] = {
    Act.PAUSE: Pause,
    Act.RESUME: Resume,
    Act.ANNOUNCE_CLOSE: AnnounceClose,
    Act.CANCEL: Cancel,
    Act.END: End,
}


class ActForm(BaseForm):
    """An act that needs only its reason."""

    version = version_field()
    reason = long_text(
        _l("Reason"),
        most=1000,
        description=_l("Public: it stands in the history of the call and in the notice to those concerned."),
    )

    def __init__(self, act: Act, facts: CallFacts, posted: Posted, version: int) -> None:
        self.act, self.facts, self.posted = act, facts, posted
        super().__init__(formdata=posted, prefix=f"{act.value}-", data={"version": str(version)})
        self.prepare()

    def prepare(self) -> None:
        """Choices that depend on the call."""

    @property
    def opened(self) -> int:
        return posted_version(self.posted, self.version.name)

    def command(self) -> ScheduleAct | None:
        """The act, or None with errors beside the fields. Only after `validate`."""
        return PLAIN[self.act](self.reason.data or "")


class ExtendForm(ActForm):
    stage = SelectField(_l("Stage"))
    until = WallClock(_l("Open until"), [required()])

    def prepare(self) -> None:
        zone, clock = self.facts.rules.time_zone, self.facts.clock(utc_now())
        open_or_ahead = [s for s in self.facts.schedule if s.closes_at is not None and s.closes_at > clock]
        self.stage.choices = [choice(stage.key, str(STAGES[stage.kind])) for stage in open_or_ahead]
        self.until.description = _(
            "By the clock of %(zone)s. What comes after moves by the same time.", zone=zone_name(zone_of(zone))
        )
        if self.until.data is None and open_or_ahead:
            self.until.data = clock_text(open_or_ahead[0].closes_at, zone)

    def command(self) -> Extend | None:
        until = self.until.moment(self.facts.rules.time_zone)
        return Extend(self.stage.data, until, self.reason.data or "") if until else None


class CloseForm(ActForm):
    following = RadioField(_l("The next stage"), default=AT_ITS_DATE)

    def prepare(self) -> None:
        position = self.facts.position(utc_now())
        self.current: Stage | None = position.current
        following = str(STAGES[position.following.kind]) if position.following else ""
        self.following.choices = [
            choice(AT_ITS_DATE, _("“%(stage)s” opens at its date", stage=following)),
            choice(NEXT_NOW, _("“%(stage)s” opens at once", stage=following)),
        ]

    def command(self) -> CloseEarly:
        key = self.current.key if self.current else ""
        return CloseEarly(key, self.following.data == NEXT_NOW, self.reason.data or "")


_FORMS: dict[Act, type[ActForm]] = {Act.EXTEND: ExtendForm, Act.CLOSE_EARLY: CloseForm}


def form_of(act: Act, facts: CallFacts, posted: Any, version: int) -> ActForm:
    return _FORMS.get(act, ActForm)(act, facts, posted, version)
