"""Writing and publishing a call, section by section, as its manager does."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crowd.calls.actions import create_call, edit_draft
from crowd.calls.actions.cover import put_cover
from crowd.calls.commands import Basics, Change, Deciding, EditRound, NewCall, Outcome, Questions, Stages, TakingPart
from crowd.calls.models import Call
from crowd.core.outline import Shape, Wording
from crowd.core.rules import CallRules, RoundKind, Stage
from crowd.core.status import StageKind
from crowd.demo.asking import garden_picture
from crowd.demo.house import House
from crowd.demo.plans import Plan, nine
from crowd.demo.reading import Written
from crowd.files.storage import file_store
from crowd.proposals.models import Proposal
from crowd.rounds.actions import publish_call

SECTIONS = (Basics, TakingPart, Stages, Questions, Deciding, Outcome)
SHAPES = {
    (): Shape.ORGANIZATION,
    (RoundKind.VOTE,): Shape.CROWD,
    (RoundKind.REVIEW,): Shape.JURY,
    (RoundKind.VOTE, RoundKind.REVIEW): Shape.BOTH,
}


@dataclass
class Entry:
    written: Written
    proposal: Proposal
    at: datetime  # handed in


@dataclass
class Production:
    """A plan on the stage: its call and what was handed in so far."""

    plan: Plan
    call: Call
    rules: CallRules
    entries: list[Entry]

    def stage(self, kind: StageKind) -> Stage | None:
        return next((stage for stage in self.rules.stages if stage.kind is kind), None)

    def begun(self, kind: StageKind, now: datetime) -> Stage | None:
        """The stage of this kind, if it has opened."""
        stage = self.stage(kind)
        return stage if stage and stage.opens_at <= now else None


def open_call(house: House, plan: Plan) -> Production:
    rules = plan.dated(house.now)
    at = house.past(nine(-2 if plan.published is None else plan.published, ZoneInfo(rules.time_zone), house.now))
    call = _write(house, plan, rules, at - timedelta(hours=30))
    if plan.published is not None:
        publish_call(house.session, call, version=call.version, actor=house.actor(plan.manager), now=at)
        house.session.flush()
    return Production(plan, call, rules, [])


def _write(house: House, plan: Plan, rules: CallRules, at: datetime) -> Call:
    shape = SHAPES[tuple(each.kind for each in rules.rounds)]
    new = NewCall(rules.title, rules.language, rules.time_zone, shape, Wording("Vote", "Jury", rules.declarations))
    actor = house.actor(plan.manager)
    call = create_call(house.session, house.organizations[plan.organization], new, actor=actor, now=at)
    call.is_demo = True
    house.session.flush()
    for place, change in enumerate(_changes(rules)):
        now = at + timedelta(minutes=20 * (place + 1))
        edit_draft(house.session, call, change, version=call.version, actor=actor, now=now)
        house.session.flush()
    if plan.cover:
        _show(house, plan, call, at)
    return call


def _show(house: House, plan: Plan, call: Call, at: datetime) -> None:
    picture = garden_picture()
    keys = {name: file_store().put(data) for name, data in picture.files.items()}
    put_cover(house.session, call, picture, keys, plan.cover, actor=house.actor(plan.manager), now=at)


def _changes(rules: CallRules) -> Iterator[Change]:
    for section in SECTIONS:
        yield section(**{f.name: _value(rules, f.name) for f in fields(section)})
    for each in rules.rounds:
        yield EditRound(each)


def _value(rules: CallRules, name: str) -> Any:
    return getattr(rules, name) if hasattr(rules, name) else getattr(rules.selection, name)
