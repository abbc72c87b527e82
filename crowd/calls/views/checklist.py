"""What a draft lacks, in words and with the way to the field that mends it."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from crowd.calls.models import Call
from crowd.calls.views.blueprint import bp
from crowd.calls.views.sentences import GAPS
from crowd.core.checklist import FACTS, Gap, Section, missing
from crowd.core.rules import CallRules
from crowd.store.db import utc_now
from crowd.web.text import _l
from crowd.web.words import STAGES

SECTIONS: dict[Section, Any] = {
    Section.BASICS: _l("Basics"),
    Section.TAKING_PART: _l("Taking part"),
    Section.STAGES: _l("Stages"),
    Section.FORM: _l("Questions"),
    Section.DECIDING: _l("Deciding"),
    Section.OUTCOME: _l("Outcome"),
}


@dataclass(frozen=True)
class ChecklistItem:
    label: str
    done: bool
    url: str
    section: Section
    round: str | None = None
    field: str = ""


def checklist_of(call: Call, rules: CallRules) -> list[ChecklistItem]:
    """Every fact a call must state, done or not, and after them what contradicts."""
    gaps = [gap for gap in missing(rules, utc_now()) if call.rules is None or gap.code != "submission_over"]
    lacking = {gap.code for gap in gaps}
    facts = [_item(call, rules, fact, done=fact.code not in lacking) for fact in FACTS]
    return facts + [_item(call, rules, gap, done=False) for gap in gaps if gap not in FACTS]


def _item(call: Call, rules: CallRules, gap: Gap, *, done: bool) -> ChecklistItem:
    return ChecklistItem(_label(gap, rules), done, gap_url(call, gap), gap.section, gap.round, gap.field)


def _label(gap: Gap, rules: CallRules) -> str:
    values: dict[str, Any] = dict(gap.values)
    stage = next((stage for stage in rules.stages if stage.key == values.get("stage")), None)
    if stage:
        values["stage"] = STAGES[stage.kind]
    each = next((each for each in rules.rounds if each.key == values.get("round")), None)
    if each:
        values["round"] = each.title or each.key
    return str(GAPS[gap.code]) % values if values else str(GAPS[gap.code])


@bp.app_template_global()
def gaps_of(call: Call, rules: CallRules) -> list[ChecklistItem]:
    """What is still missing of these rules, for whichever page asks before they are published."""
    return [item for item in checklist_of(call, rules) if not item.done]


def gap_url(call: Call, gap: Gap) -> str:
    if gap.round:
        return url_for("calls.edit_round", public_id=call.public_id, key=gap.round, _anchor=gap.field)
    return url_for("calls.edit", public_id=call.public_id, section=gap.section.value, _anchor=gap.field)


def section_tabs(call: Call, items: list[ChecklistItem], current: Section) -> list[dict[str, Any]]:
    """The pages of authoring with how much is missing on each."""
    return [
        {
            "label": label,
            "url": url_for("calls.edit", public_id=call.public_id, section=section.value),
            "count": sum(item.section is section and not item.done for item in items) or None,
            "current": section is current,
        }
        for section, label in SECTIONS.items()
        if call.rules is None or section is not Section.STAGES
    ]
