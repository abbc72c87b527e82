"""What people ask of calls, as values. The fields of a change are those of `CallRules` that it replaces."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import TypeAlias

from crowd.core.fields import CustomField
from crowd.core.outline import Shape, Wording
from crowd.core.rules import (
    Audience,
    CallRules,
    Component,
    CountRule,
    Entrants,
    Gate,
    LeftOut,
    Publicity,
    Quota,
    ResultsPublicity,
    Round,
    RoundKind,
    Stage,
    TieBreak,
    Unscreened,
)
from crowd.core.status import InvitationKind, StageKind


@dataclass(frozen=True)
class NewCall:
    title: str
    language: str
    time_zone: str
    shape: Shape
    wording: Wording


@dataclass(frozen=True)
class Basics:
    title: str
    lead: str
    body: str
    tags: tuple[str, ...]
    language: str


@dataclass(frozen=True)
class TakingPart:
    audience: Audience
    entrants: Entrants
    eligibility: str
    own_people_may_enter: bool
    paper_days: int
    most_as_lead: int | None
    most_in_team: int | None
    handed_in: str
    asks_cost: bool
    currency: str
    max_attachments: int
    declarations: tuple[str, ...]
    licence: str
    publicity: Publicity


@dataclass(frozen=True)
class Questions:
    custom_fields: tuple[CustomField, ...]


@dataclass(frozen=True)
class Stages:
    time_zone: str
    stages: tuple[Stage, ...]


@dataclass(frozen=True)
class Deciding:
    decides: str
    screening: bool
    unscreened: Unscreened
    left_out: LeftOut
    components: tuple[Component, ...]
    gates: tuple[Gate, ...]
    count: CountRule
    places: int | None
    budget: int | None
    tie_break: TieBreak
    quotas: tuple[Quota, ...]
    reserve: int | None
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    prize: str
    credit: str
    results_publicity: ResultsPublicity
    contact: str
    answer_days: int | None


@dataclass(frozen=True)
class EditRound:
    """Replaces the round of the same key, or adds it."""

    round: Round


@dataclass(frozen=True)
class AddRound:
    kind: RoundKind
    title: str


@dataclass(frozen=True)
class RemoveRound:
    key: str


Change: TypeAlias = Basics | TakingPart | Questions | Stages | Deciding | Outcome | EditRound | AddRound | RemoveRound


def _edited(before: Round, after: Round) -> Round:
    """What was committed to at publishing stays."""
    return replace(after, tie_commitment=before.tie_commitment)


_SELECTION = ("components", "gates", "count", "places", "budget", "tie_break", "quotas", "reserve", "reasons")
_STAGE_OF = {RoundKind.VOTE: StageKind.VOTING, RoundKind.REVIEW: StageKind.REVIEW}


def changed(rules: CallRules, change: Change) -> CallRules:
    """The rules after a change of one section or round."""
    match change:
        case EditRound(edited):
            rounds = tuple(_edited(each, edited) if each.key == edited.key else each for each in rules.rounds)
            return replace(rules, rounds=rounds)
        case AddRound(kind, title):
            return replace(rules, rounds=(*rules.rounds, _new_round(rules, kind, title)))
        case RemoveRound(key):
            return _without_round(rules, key)
        case Deciding():
            selection = replace(rules.selection, **{name: getattr(change, name) for name in _SELECTION})
            own = {f.name: getattr(change, f.name) for f in fields(change) if f.name not in _SELECTION}
            return replace(rules, selection=selection, **own)
        case _:
            return replace(rules, **{f.name: getattr(change, f.name) for f in fields(change)})


def _new_round(rules: CallRules, kind: RoundKind, title: str) -> Round:
    """A round with a free key, bound to the first stage of its kind that has none."""
    used = {each.stage for each in rules.rounds}
    stages = [stage.key for stage in rules.stages if stage.kind is _STAGE_OF[kind]]
    stage = next((key for key in stages if key not in used), stages[-1] if stages else "")
    return Round(
        free_key("vote" if kind is RoundKind.VOTE else "jury", [r.key for r in rules.rounds]), kind, stage, title
    )


def free_key(wanted: str, taken: list[str]) -> str:
    """`voting`, or `voting-2`, `voting-3` … when it is taken."""
    number, key = 1, wanted
    while key in taken:
        number += 1
        key = f"{wanted}-{number}"
    return key


def _without_round(rules: CallRules, key: str) -> CallRules:
    """The round goes with its weight; gates and fields that name it stay and are reported as faults, so nothing changes unseen."""
    components = tuple(c for c in rules.selection.components if c.round != key)
    return replace(
        rules,
        rounds=tuple(each for each in rules.rounds if each.key != key),
        selection=replace(rules.selection, components=components),
    )


@dataclass(frozen=True)
class WayIn:
    """A link or a code for the invited. None: without end, or as often as wanted."""

    kind: InvitationKind
    label: str
    expires_at: datetime | None
    max_uses: int | None


@dataclass(frozen=True)
class Permit:
    """Leave for one person to hand in after the close."""

    email: str
    reason: str
    until: datetime


@dataclass(frozen=True)
class Pause:
    reason: str


@dataclass(frozen=True)
class Resume:
    reason: str


@dataclass(frozen=True)
class Extend:
    stage: str
    until: datetime
    reason: str


@dataclass(frozen=True)
class AnnounceClose:
    reason: str


@dataclass(frozen=True)
class CloseEarly:
    stage: str
    next_now: bool
    reason: str


@dataclass(frozen=True)
class Cancel:
    reason: str


@dataclass(frozen=True)
class End:
    """The call ends without a winner."""

    reason: str


ScheduleAct: TypeAlias = Pause | Resume | Extend | AnnounceClose | CloseEarly | Cancel | End
