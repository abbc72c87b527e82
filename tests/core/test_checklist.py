"""What a call lacks before its rules may be frozen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.core.checklist import FACTS, Section, missing
from crowd.core.outline import Shape, Wording, outline
from crowd.core.rules import CallRules, Component, CountRule, Field, FieldKind, Gate, GateKind, SelectionRules
from crowd.core.stages import faults
from crowd.core.status import StageKind
from tests.make import JURY, VOTE, make_rules, schedule

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
WORDING = Wording("Public vote", "Jury", ("This is my own work.",))
COMPLETE = make_rules(stages=schedule(now=NOW))


def codes(rules: CallRules, now: datetime = NOW) -> list[str]:
    return [gap.code for gap in missing(rules, now)]


def test_complete_rules_lack_nothing() -> None:
    assert codes(COMPLETE) == []


def test_empty_rules_lack_every_fact_a_call_must_state() -> None:
    stated = {gap.code for gap in missing(CallRules(), NOW)}
    assert stated >= {fact.code for fact in FACTS}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": " "}, "title"),
        ({"lead": ""}, "lead"),
        ({"body": "\n"}, "body"),
        ({"eligibility": ""}, "eligibility"),
        ({"handed_in": ""}, "handed_in"),
        ({"licence": ""}, "licence"),
        ({"decides": ""}, "decides"),
        ({"prize": "", "credit": ""}, "reward"),
        ({"contact": ""}, "contact"),
        ({"answer_days": None}, "answer_days"),
    ],
)
def test_each_missing_fact_is_named_alone(change: dict[str, object], code: str) -> None:
    assert codes(replace(COMPLETE, **change)) == [code]  # type: ignore[arg-type]


def test_a_prize_or_a_credit_is_enough() -> None:
    assert codes(replace(COMPLETE, prize="")) == []
    assert codes(replace(COMPLETE, credit="")) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"selection": SelectionRules((Component("crowd", 40), Component("jury", 50)), places=2)}, "weights"),
        ({"rounds": (VOTE,), "selection": SelectionRules((Component("crowd", 100),), places=2)}, "stage_without_round"),
        ({"rounds": (VOTE, replace(JURY, stage="voting"))}, "wrong_stage"),
        ({"rounds": (VOTE, replace(JURY, title=""))}, "round_title"),
        ({"rounds": (VOTE, replace(JURY, criteria=()))}, "no_criteria"),
        ({"rounds": (replace(VOTE, field=Field(FieldKind.BEST, "jury", 3)), JURY)}, "source_not_earlier"),
        ({"screening": False}, "screening_unused"),
    ],
)
def test_contradictions_are_found(change: dict[str, object], code: str) -> None:
    assert code in codes(replace(COMPLETE, **change))  # type: ignore[arg-type]


def test_a_gate_must_name_a_round() -> None:
    gates = (Gate(GateKind.LEAST_SUPPORTS, "nowhere", "50"),)
    rules = replace(COMPLETE, selection=replace(COMPLETE.selection, gates=gates))
    assert codes(rules) == ["gate_round"]


def test_the_decision_comes_after_every_round() -> None:
    kinds = (StageKind.SUBMISSION, StageKind.VOTING, StageKind.SELECTION, StageKind.REVIEW, StageKind.RESULTS)
    assert codes(replace(COMPLETE, stages=schedule(kinds=kinds, now=NOW))) == ["round_after_decision"]


def test_submission_must_not_be_over_when_the_call_is_published() -> None:
    closes = COMPLETE.stages[0].closes_at
    assert closes is not None
    assert codes(COMPLETE, closes - timedelta(minutes=1)) == []
    assert codes(COMPLETE, closes) == ["submission_over"]


def test_gaps_come_in_the_order_of_the_pages() -> None:
    sections = [gap.section for gap in missing(CallRules(), NOW)]
    assert sections == sorted(sections, key=list(Section).index)


@given(
    shape=st.sampled_from(Shape),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/Mexico_City", "Pacific/Apia", "Australia/Lord_Howe"]),
    now=st.integers(0, 60 * 24 * 365 * 14).map(lambda minutes: NOW + timedelta(minutes=minutes)),
)
def test_every_outline_has_a_sound_schedule_at_nine_by_the_wall_clock(shape: Shape, zone: str, now: datetime) -> None:
    rules = outline(shape, title="A call", language="en", time_zone=zone, wording=WORDING, now=now)
    assert faults(rules.stages) == []
    lacking = set(codes(rules, now)) - {fact.code for fact in FACTS}
    assert lacking <= {"no_criteria"}
    assert rules.selection.count is (CountRule.NONE if shape is Shape.ORGANIZATION else CountRule.CUT_LINE)
