"""Forms of milestones and updates."""

from wtforms import DateField, HiddenField
from wtforms.validators import Optional

from crowd.followups.commands import SetMilestone, WriteUpdate
from crowd.web.forms import BaseForm, long_text, one_line
from crowd.web.text import _l

SENTENCES: dict[str, object] = {
    "update_author": _l("Whoever wrote it may change it; the lead of the team or a manager may remove it."),
    "update_empty": _l("Write a word on how it goes."),
    "followup_removed": _l("It was removed in the meantime."),
}


class _Versioned(BaseForm):
    version = HiddenField(default="0")

    @property
    def opened(self) -> int:
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else 0


class MilestoneForm(_Versioned):
    title = one_line(_l("Milestone"), description=_l("What will be there: “The benches stand”."))
    due_on = DateField(_l("Due by"), [Optional()])
    done_on = DateField(_l("Reached on"), [Optional()])
    note = long_text(_l("Note"), most=1000, needed=False)

    def command(self) -> SetMilestone:
        return SetMilestone(
            self.title.data or "", self.due_on.data, self.done_on.data, self.note.data or "", self.opened
        )


class UpdateForm(_Versioned):
    text = long_text(_l("How it goes"), most=4000, description=_l("Public. Short is best; Markdown works."))

    def command(self) -> WriteUpdate:
        return WriteUpdate(self.text.data or "", self.opened)
