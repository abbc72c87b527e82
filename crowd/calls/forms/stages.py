"""The schedule: stages of any kind, as often as needed, in the time zone of the call."""

import re
from datetime import datetime, timedelta
from typing import Any

from wtforms import HiddenField, SelectField
from wtforms.validators import AnyOf

from crowd.calls.commands import Stages, free_key
from crowd.calls.forms.fields import Row, Rows, number_of, zone_choices
from crowd.calls.forms.section import SectionForm
from crowd.core.rules import CallRules, Stage
from crowd.core.status import StageKind
from crowd.web.clock_field import MINUTE, WallClock, clock_text
from crowd.web.forms import choices_of, required
from crowd.web.numbers import verb_and_number
from crowd.web.text import _, _l
from crowd.web.words import STAGES

MOST_STAGES = 30
KEY = re.compile(r"[a-z0-9_-]{1,40}")


class StageRow(Row):
    key = HiddenField()
    kind = HiddenField(validators=[AnyOf([kind.value for kind in StageKind])])
    opens_at = WallClock(_l("Opens"), [required()])
    closes_at = WallClock(_l("Closes"))

    @property
    def number(self) -> int:
        return number_of(self)

    @property
    def title(self) -> str:
        return str(STAGES[StageKind(self.kind.data)]) if self.kind.data in set(StageKind) else ""


class StagesForm(SectionForm):
    time_zone = SelectField(_l("Time zone of all dates"), description=_l("Readers see every deadline with this zone."))
    add_kind = SelectField(_l("Add a stage"), default=StageKind.DISCUSSION)

    def initial(self, rules: CallRules) -> dict[str, Any]:
        return {"time_zone": rules.time_zone}

    def prepare(self) -> None:
        self.time_zone.choices, self.add_kind.choices = zone_choices(), choices_of(StageKind, STAGES)
        self.stages = Rows("stages", StageRow, self.posted)
        if self.posted is None:
            self.stages.fill(_row(stage, self.rules.time_zone) for stage in self.rules.stages)
        self._order()

    def rows(self) -> list[Rows[Any]]:
        return [self.stages]

    def press(self, act: str) -> bool:
        verb, number = verb_and_number(act)
        if verb == "remove" and number is not None:
            self.stages.remove(number)
            return True
        if verb == "add" and len(self.stages.rows) < MOST_STAGES and self.add_kind.data in set(StageKind):
            self.stages.add(self._new_row(StageKind(self.add_kind.data)))
            self._order()
            return True
        return False

    def _new_row(self, kind: StageKind) -> dict[str, Any]:
        """After the last stage that comes before the results; a week long."""
        before = [row for row in self.stages.rows if row.kind.data not in {StageKind.RESULTS, StageKind.FOLLOW_UP}]
        opens = _typed(before[-1].closes_at) if before and kind is not StageKind.SUBMISSION else None
        closes = (opens + timedelta(days=7)).strftime(MINUTE) if opens else ""
        key = free_key(kind.value, [row.key.data or "" for row in self.stages.rows])
        return {
            "key": key,
            "kind": kind.value,
            "opens_at": opens.strftime(MINUTE) if opens else "",
            "closes_at": closes,
        }

    def _order(self) -> None:
        """By opening, as far as that can be read; the rest keep their places at the end."""
        self.stages.rows.sort(key=_place)

    def change(self) -> Stages | None:
        zone = self.time_zone.data
        self._give_keys()
        made = [self._stage(row, zone) for row in self.stages.rows]
        stages = [stage for stage in made if stage is not None]
        if self.stages.failed:
            return None
        return Stages(zone, tuple(sorted(stages, key=lambda stage: stage.opens_at)))

    def _give_keys(self) -> None:
        """Every stage keeps its key, to which rounds are bound; what is doubled or was never ours gets a free one."""
        given: list[str] = []
        for row in self.stages.rows:
            key = row.key.data or ""
            if key in given or not KEY.fullmatch(key):
                key = free_key(str(row.kind.data), given)
            row.key.data = key
            given.append(key)

    @staticmethod
    def _stage(row: StageRow, zone: str) -> Stage | None:
        opens, closes = row.opens_at.moment(zone), row.closes_at.moment(zone)
        if opens is None:
            return None
        if closes is not None and closes <= opens:
            row.closes_at.errors = [*row.closes_at.errors, _("A stage closes after it opens.")]
        return Stage(str(row.key.data), StageKind(str(row.kind.data)), opens, closes)


def _place(row: StageRow) -> tuple[bool, str]:
    opens = _typed(row.opens_at)
    return opens is None, opens.isoformat() if opens else ""


def _typed(field: WallClock) -> datetime | None:
    try:
        return field.local()
    except ValueError:
        return None


def _row(stage: Stage, zone: str) -> dict[str, Any]:
    return {
        "key": stage.key,
        "kind": stage.kind.value,
        "opens_at": clock_text(stage.opens_at, zone),
        "closes_at": clock_text(stage.closes_at, zone),
    }
