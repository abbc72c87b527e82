"""What a call still lacks before its rules may be frozen: the facts every call must state, and whether they agree."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crowd.core.fields import definition_faults
from crowd.core.rules import CallRules, Stage
from crowd.core.selection import RuleFault, rule_faults
from crowd.core.stages import ScheduleFault, faults
from crowd.core.status import StageKind

ROUND_KINDS = frozenset({StageKind.VOTING, StageKind.REVIEW})


class Section(StrEnum):
    """The pages of authoring, in the order one writes them."""

    BASICS = "basics"
    TAKING_PART = "taking-part"
    STAGES = "stages"
    FORM = "form"
    DECIDING = "deciding"
    OUTCOME = "outcome"


@dataclass(frozen=True)
class Gap:
    """Something missing or contradictory: where to mend it. `round` is set when it stands on the page of a round."""

    code: str
    section: Section
    field: str
    round: str | None = None
    values: tuple[tuple[str, str | int], ...] = ()


FACTS: tuple[Gap, ...] = (
    Gap("title", Section.BASICS, "title"),
    Gap("lead", Section.BASICS, "lead"),
    Gap("body", Section.BASICS, "body"),
    Gap("eligibility", Section.TAKING_PART, "eligibility"),
    Gap("handed_in", Section.TAKING_PART, "handed_in"),
    Gap("licence", Section.TAKING_PART, "licence"),
    Gap("stages", Section.STAGES, "add_kind"),
    Gap("decides", Section.DECIDING, "decides"),
    Gap("reward", Section.OUTCOME, "prize"),
    Gap("contact", Section.OUTCOME, "contact"),
    Gap("answer_days", Section.OUTCOME, "answer_days"),
)
"""What every call must state, by the code that `missing` reports when it does not."""

ROUND_FIELDS = {
    "unknown_stage": "stage",
    "wrong_stage": "stage",
    "max_choices": "max_choices",
    "points": "points",
    "grades": "grades",
    "round_budget": "budget",
    "round_budget_without_cost": "method",
    "seats": "seats",
    "quorum": "quorum",
    "threshold": "threshold",
    "member_percent": "member_percent",
    "member_percent_of_members": "member_percent",
    "min_account_days": "min_account_days",
    "codes_have_no_account": "min_account_days",
    "secret_open_counts": "hidden_counts",
    "ideas_field": "ideas",
    "useless": "method",
    "no_criteria": "add_criterion",
    "duplicate_criterion": "add_criterion",
    "only_independent": "criteria-0-title",
    "criterion_weight": "criteria-0-title",
    "criterion_levels": "criteria-0-title",
    "min_reviews": "min_reviews",
    "adjusted_reviews": "min_reviews",
    "unknown_source": "source",
    "source_not_earlier": "source",
    "best": "best",
    "no_gates": "add_gate",
    "gate_not_earlier": "gates-0-round",
}
"""Faults that are mended on the page of their round, and the field there."""

QUESTION_FIELDS = {
    "field_label": "label",
    "field_choices": "choices",
    "field_bounds": "label",
    "field_stage": "needed",
    "field_frozen_first": "frozen_from",
}
DECIDING_FIELDS = {
    "places": "places",
    "budget": "budget",
    "no_limit": "places",
    "greedy_without_budget": "budget",
    "budget_without_cost": "budget",
    "elected_by_one_vote": "count",
    "reserve": "reserve",
    "quota_tag": "add_quota",
    "duplicate_quota": "add_quota",
    "quota_bounds": "add_quota",
    "quota_least_without_places": "places",
    "quota_without_line": "count",
}


def missing(rules: CallRules, now: datetime) -> list[Gap]:
    """All gaps, in the order of the sections. Empty: the call may be published at `now`."""
    found = [*_facts(rules), *_schedule(rules, now), *_questions(rules), *_rounds(rules)]
    order = list(Section)
    return sorted(found, key=lambda gap: order.index(gap.section))


def _facts(rules: CallRules) -> Iterator[Gap]:
    stated = {
        "title": rules.title,
        "lead": rules.lead,
        "body": rules.body,
        "eligibility": rules.eligibility,
        "handed_in": rules.handed_in,
        "licence": rules.licence,
        "stages": rules.stages,
        "decides": rules.decides,
        "reward": rules.prize.strip() or rules.credit,
        "contact": rules.contact,
        "answer_days": rules.answer_days,
    }
    for fact in FACTS:
        value = stated[fact.code]
        if not (value.strip() if isinstance(value, str) else value):
            yield fact


def _schedule(rules: CallRules, now: datetime) -> Iterator[Gap]:
    if not rules.stages:
        return
    for fault in faults(rules.stages):
        yield _schedule_gap(fault, rules)
    submission = next((s for s in rules.stages if s.kind is StageKind.SUBMISSION), None)
    if submission and submission.closes_at is not None and submission.closes_at <= now:
        yield Gap("submission_over", Section.STAGES, _closing_field(submission, rules))
    if any(stage.kind is StageKind.SCREENING for stage in rules.stages) and not rules.screening:
        yield Gap("screening_unused", Section.DECIDING, "screening")
    yield from _stages_and_rounds(rules)


def _schedule_gap(fault: ScheduleFault, rules: CallRules) -> Gap:
    if fault.stage is None:
        return Gap(fault.code, Section.STAGES, "add_kind")
    field = _closing_field(fault.stage, rules)
    if fault.code == "out_of_order":
        field = field.replace("closes_at", "opens_at")
    return Gap(fault.code, Section.STAGES, field, values=(("stage", fault.stage.key),))


def _closing_field(stage: Stage, rules: CallRules) -> str:
    return f"stages-{rules.stages.index(stage)}-closes_at"


def _stages_and_rounds(rules: CallRules) -> Iterator[Gap]:
    """Every voting and review stage has one round, and all rounds come before the decision."""
    used = [each.stage for each in rules.rounds]
    decision = next((i for i, s in enumerate(rules.stages) if s.kind is StageKind.SELECTION), len(rules.stages))
    for place, stage in enumerate(rules.stages):
        if stage.kind not in ROUND_KINDS:
            continue
        values = (("stage", stage.key),)
        if stage.key not in used:
            yield Gap("stage_without_round", Section.DECIDING, "rounds", values=values)
        elif used.count(stage.key) > 1:
            yield Gap("stage_shared", Section.DECIDING, "rounds", values=values)
        if place > decision:
            yield Gap("round_after_decision", Section.STAGES, f"stages-{place}-opens_at", values=values)


def _questions(rules: CallRules) -> Iterator[Gap]:
    keys = [stage.key for stage in rules.stages]
    for place, asked in enumerate(rules.custom_fields):
        for code in definition_faults(asked, keys):
            named = (("field", asked.label or asked.key),)
            yield Gap(code, Section.FORM, f"questions-{place}-{QUESTION_FIELDS[code]}", values=named)


def _rounds(rules: CallRules) -> Iterator[Gap]:
    for each in rules.rounds:
        if not each.title.strip():
            yield Gap("round_title", Section.DECIDING, "title", each.key)
    for fault in rule_faults(rules):
        yield _round_gap(fault)


def _round_gap(fault: RuleFault) -> Gap:
    values = tuple(
        (name, value) for name, value in (("round", fault.round), ("value", fault.value)) if value is not None
    )
    if fault.code in ROUND_FIELDS and fault.round:
        return Gap(fault.code, Section.DECIDING, ROUND_FIELDS[fault.code], fault.round, values)
    return Gap(fault.code, Section.DECIDING, DECIDING_FIELDS.get(fault.code, "rounds"), values=values)
