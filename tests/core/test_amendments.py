"""Which changes of frozen rules are fair: one line for each rule of the table."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crowd.core.amendments import (
    MOST_TIME,
    RULES,
    Circumstances,
    Verdict,
    changes_of,
    judge_amendment,
    latest_answer,
    verdict_of,
)
from crowd.core.fields import AnswerKind, CustomField
from crowd.core.rules import (
    CallRules,
    Component,
    Criterion,
    Entrants,
    Publicity,
    Round,
    RoundKind,
    SelectionRules,
    Stage,
)
from crowd.core.status import StageKind

NOW = datetime(2026, 5, 12, 12, tzinfo=UTC)
DAY = timedelta(days=1)
STAGES = (
    Stage("submission", StageKind.SUBMISSION, NOW - DAY, NOW + 10 * DAY),
    Stage("voting", StageKind.VOTING, NOW + 10 * DAY, NOW + 20 * DAY),
    Stage("results", StageKind.RESULTS, NOW + 30 * DAY),
)
JURY = Round(
    "jury", RoundKind.REVIEW, "review", "Jury", criteria=(Criterion("use", "Use", 50, ("No", "Yes")),), min_reviews=2
)
OLD = CallRules(
    title="Garden",
    prize="2,000 EUR",
    declarations=("Own work.",),
    answer_days=10,
    max_attachments=3,
    publicity=Publicity.AFTER_SUBMISSION,
    stages=STAGES,
    rounds=(Round("crowd", RoundKind.VOTE, "voting", "Vote"), JURY),
    selection=SelectionRules(components=(Component("crowd", 40), Component("jury", 60)), places=2),
)
BY_ADJUSTED = (Component("crowd", 40), Component("jury", 60, adjusted=True))
ENTERED = Circumstances(handed_in=3)
CLOSED = Circumstances(handed_in=3, submission_over=True)
VOTED = Circumstances(handed_in=3, submission_over=True, frozen_rounds=frozenset({"crowd"}), judged=True)
Amend = Callable[[CallRules], CallRules]


def sets(**changes: Any) -> Amend:
    return lambda rules: replace(rules, **changes)


def selects(**changes: Any) -> Amend:
    return lambda rules: replace(rules, selection=replace(rules.selection, **changes))


def jury(**changes: Any) -> Amend:
    return lambda rules: replace(rules, rounds=(rules.rounds[0], replace(rules.rounds[1], **changes)))


def vote(**changes: Any) -> Amend:
    return lambda rules: replace(rules, rounds=(replace(rules.rounds[0], **changes), rules.rounds[1]))


def closes(at: datetime) -> Amend:
    return lambda rules: replace(rules, stages=(replace(rules.stages[0], closes_at=at), *rules.stages[1:]))


RUBRIC = (Criterion("use", "Use", 70, ("No", "Yes")),)
CASES: list[tuple[Amend, Circumstances, Verdict, str]] = [
    (sets(title="The garden"), VOTED, Verdict.ALLOWED, "change_explains"),
    (sets(prize="1,000 EUR"), Circumstances(), Verdict.ALLOWED, "change_before_entries"),
    (sets(prize="1,000 EUR"), ENTERED, Verdict.CONSENT, "change_binds"),
    (sets(licence="CC BY"), ENTERED, Verdict.CONSENT, "change_binds"),
    (sets(entrants=Entrants.MEMBERS), ENTERED, Verdict.CONSENT, "change_binds"),
    (closes(NOW + 2 * DAY), Circumstances(), Verdict.REFUSED, "change_shorter_deadline"),
    (closes(NOW + 20 * DAY), Circumstances(), Verdict.REFUSED, "change_by_shift"),
    (sets(time_zone="Europe/Berlin"), ENTERED, Verdict.REFUSED, "change_by_shift"),
    (sets(stages=STAGES[:2]), Circumstances(), Verdict.REFUSED, "change_stages_fixed"),
    (sets(rounds=(JURY,)), Circumstances(), Verdict.REFUSED, "change_stages_fixed"),
    (sets(asks_cost=True), ENTERED, Verdict.CONSENT, "change_new_part"),
    (sets(asks_cost=True), CLOSED, Verdict.REFUSED, "change_part_too_late"),
    (sets(asks_cost=True), Circumstances(), Verdict.ALLOWED, "change_before_entries"),
    (sets(custom_fields=(CustomField("age", AnswerKind.SHORT, "Age"),)), CLOSED, Verdict.ALLOWED, "change_explains"),
    (
        sets(custom_fields=(CustomField("age", AnswerKind.SHORT, "Age", required=True),)),
        ENTERED,
        Verdict.CONSENT,
        "change_new_part",
    ),
    (
        sets(custom_fields=(CustomField("age", AnswerKind.SHORT, "Age", required=True),)),
        CLOSED,
        Verdict.REFUSED,
        "change_part_too_late",
    ),
    (sets(declarations=()), ENTERED, Verdict.ALLOWED, "change_explains"),
    (sets(declarations=("Own work.", "I live here.")), ENTERED, Verdict.CONSENT, "change_binds"),
    (sets(max_attachments=5), ENTERED, Verdict.ALLOWED, "change_explains"),
    (sets(max_attachments=1), ENTERED, Verdict.CONSENT, "change_binds"),
    (sets(answer_days=5), ENTERED, Verdict.ALLOWED, "change_explains"),
    (sets(answer_days=30), ENTERED, Verdict.CONSENT, "change_binds"),
    (sets(answer_days=None), ENTERED, Verdict.CONSENT, "change_binds"),
    (sets(publicity=Publicity.AFTER_RESULTS), ENTERED, Verdict.ALLOWED, "change_explains"),
    (sets(publicity=Publicity.AT_ONCE), ENTERED, Verdict.CONSENT, "change_binds"),
    (sets(screening=False), ENTERED, Verdict.CONSENT, "change_binds"),
    (sets(screening=False), VOTED, Verdict.REFUSED, "change_round_frozen"),
    (vote(max_choices=2), ENTERED, Verdict.CONSENT, "change_binds"),
    (vote(max_choices=2), VOTED, Verdict.REFUSED, "change_round_frozen"),
    (vote(title="The vote"), ENTERED, Verdict.ALLOWED, "change_explains"),
    (jury(criteria=RUBRIC), VOTED, Verdict.CONSENT, "change_binds"),
    (
        jury(criteria=RUBRIC),
        Circumstances(handed_in=3, frozen_rounds=frozenset({"jury"})),
        Verdict.REFUSED,
        "change_rubric_frozen",
    ),
    (selects(places=3), ENTERED, Verdict.ALLOWED, "change_explains"),
    (selects(places=1), ENTERED, Verdict.CONSENT, "change_binds"),
    (selects(places=3), VOTED, Verdict.REFUSED, "change_judged"),
    (selects(components=(Component("crowd", 60), Component("jury", 40))), VOTED, Verdict.REFUSED, "change_judged"),
    (selects(components=BY_ADJUSTED), ENTERED, Verdict.CONSENT, "change_binds"),
    (selects(components=BY_ADJUSTED), VOTED, Verdict.REFUSED, "change_judged"),
]


@pytest.mark.parametrize(("amend", "now", "verdict", "code"), CASES)
def test_each_change_has_its_verdict_and_its_reason(
    amend: Amend, now: Circumstances, verdict: Verdict, code: str
) -> None:
    judgements = judge_amendment(OLD, amend(OLD), now)
    assert {(judged.verdict, judged.code) for judged in judgements} == {(verdict, code)}
    assert verdict_of(judgements) is verdict


def test_every_field_of_the_rules_has_its_rule() -> None:
    assert {field.name for field in fields(CallRules)} - RULES.keys() == set()


def test_a_difference_names_each_field_once_and_is_empty_for_equal_rules() -> None:
    assert changes_of(OLD, OLD) == ()
    new = jury(criteria=RUBRIC, min_reviews=3)(sets(title="The garden")(OLD))
    assert [(change.path, change.before, change.after) for change in changes_of(OLD, new)] == [
        (("title",), "Garden", "The garden"),
        (("rounds", "jury", "criteria", "use", "weight"), 50, 70),
        (("rounds", "jury", "min_reviews"), 2, 3),
    ]


def test_the_strictest_verdict_holds_for_the_whole() -> None:
    new = vote(max_choices=2)(sets(title="The garden", prize="")(OLD))
    assert verdict_of(judge_amendment(OLD, new, ENTERED)) is Verdict.CONSENT
    assert verdict_of(judge_amendment(OLD, new, VOTED)) is Verdict.REFUSED


def test_answers_end_before_the_next_judging_begins() -> None:
    assert latest_answer(STAGES, NOW) == NOW + 10 * DAY
    assert latest_answer(STAGES, NOW + 15 * DAY) == NOW + 30 * DAY
    assert latest_answer((), NOW) == NOW + MOST_TIME
