"""What keeps rounds and selection from being frozen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crowd.core.rules import (
    BudgetRule,
    CallRules,
    Component,
    CountRule,
    Criterion,
    Electorate,
    Field,
    FieldKind,
    Gate,
    GateKind,
    Round,
    RoundKind,
    SelectionRules,
    Stage,
    VotingMethod,
)
from crowd.core.selection import RuleFault, rule_faults
from crowd.core.status import StageKind

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
KINDS = [StageKind.SUBMISSION, StageKind.VOTING, StageKind.REVIEW, StageKind.RESULTS]
STAGES = tuple(
    Stage(kind.value, kind, NOON + timedelta(days=place), NOON + timedelta(days=place + 1))
    for place, kind in enumerate(KINDS)
)
NEED = Criterion("need", "Need", 1, ("no", "yes"))
CROWD = Round("crowd", RoundKind.VOTE, "voting", "Crowd vote")
BEST = Field(FieldKind.BEST, source="crowd", best=3)
JURY = Round("jury", RoundKind.REVIEW, "review", "Jury", field=BEST, criteria=(NEED,))
CHOICE = SelectionRules(
    components=(Component("crowd", 40), Component("jury", 60)),
    gates=(Gate(GateKind.LEAST_SUPPORTS, "crowd", "2"), Gate(GateKind.LEAST_MEDIAN, "jury", "1/2")),
    places=2,
)
SOUND = CallRules(stages=STAGES, rounds=(CROWD, JURY), selection=CHOICE)


def of_rounds(*rounds: Round) -> CallRules:
    return replace(SOUND, rounds=rounds)


def of_vote(**changes: object) -> CallRules:
    return of_rounds(replace(CROWD, **changes), JURY)  # type: ignore[arg-type]


def of_costs(**changes: object) -> CallRules:
    return replace(of_vote(**changes), asks_cost=True)


def of_gate(kind: GateKind, key: str, least: str = "1") -> CallRules:
    return replace(SOUND, selection=replace(CHOICE, gates=(Gate(kind, key, least),)))


def of_adjusted(key: str) -> CallRules:
    components = tuple(replace(each, adjusted=each.round == key) for each in CHOICE.components)
    return replace(SOUND, selection=replace(CHOICE, components=components))


def test_sound_rules_have_no_faults() -> None:
    assert rule_faults(SOUND) == []
    scored = replace(CROWD, method=VotingMethod.SCORE)
    mean = replace(CHOICE, gates=(Gate(GateKind.LEAST_MEAN, "crowd", "2.5"),))
    assert rule_faults(replace(SOUND, rounds=(scored, JURY), selection=mean)) == []
    assert rule_faults(CallRules(selection=SelectionRules(count=CountRule.NONE))) == []


def test_a_vote_elects_by_itself_only_where_nothing_but_that_vote_weighs() -> None:
    elected = replace(CHOICE, count=CountRule.ELECTED, places=None)
    fault = RuleFault("elected_by_one_vote")
    for components in ((Component("crowd", 40), Component("jury", 60)), (Component("jury", 100),)):
        assert rule_faults(replace(SOUND, selection=replace(elected, components=components))) == [fault]
    assert rule_faults(replace(SOUND, selection=replace(elected, components=(Component("crowd", 100),)))) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"method": VotingMethod.STV, "seats": 5, "max_choices": 3, "quorum": 10, "threshold": 5},
        {"method": VotingMethod.MAJORITY_JUDGMENT, "grades": ("yes", "no"), "member_percent": 50},
        {"method": VotingMethod.QUADRATIC, "points": 100, "seats": 1},
        {"method": VotingMethod.PB_GREEDY, "budget": 1000, "budget_rule": BudgetRule.NO_SKIP, "max_choices": 5},
        {"method": VotingMethod.BRADLEY_TERRY, "electorate": Electorate.CODES},
        {"secret": False, "hidden_counts": False, "electorate": Electorate.INVITED, "min_account_days": 30},
    ],
)
def test_a_vote_may_say_all_that_its_method_uses(changes: dict[str, object]) -> None:
    assert rule_faults(of_costs(**changes)) == []


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        (of_rounds(CROWD, CROWD, JURY), RuleFault("duplicate_round", "crowd")),
        (of_rounds(replace(CROWD, stage="ballot"), JURY), RuleFault("unknown_stage", "crowd", "ballot")),
        (of_rounds(replace(CROWD, stage="submission"), JURY), RuleFault("wrong_stage", "crowd", "submission")),
        (of_rounds(replace(CROWD, max_choices=0), JURY), RuleFault("max_choices", "crowd", 0)),
        (of_vote(method=VotingMethod.CUMULATIVE), RuleFault("points", "crowd")),
        (of_vote(method=VotingMethod.QUADRATIC, points=0), RuleFault("points", "crowd", 0)),
        (of_vote(points=5), RuleFault("useless", "crowd", "points")),
        (of_vote(method=VotingMethod.MAJORITY_JUDGMENT, grades=("good",)), RuleFault("grades", "crowd", 1)),
        (of_vote(method=VotingMethod.MAJORITY_JUDGMENT, grades=("Good", "good ")), RuleFault("grades", "crowd", 2)),
        (of_vote(method=VotingMethod.MAJORITY_JUDGMENT, max_choices=3), RuleFault("useless", "crowd", "max_choices")),
        (of_costs(method=VotingMethod.PB_GREEDY), RuleFault("round_budget", "crowd")),
        (of_costs(method=VotingMethod.EQUAL_SHARES, budget=0), RuleFault("round_budget", "crowd", 0)),
        (of_vote(method=VotingMethod.EQUAL_SHARES, budget=9), RuleFault("round_budget_without_cost", "crowd")),
        (of_costs(method=VotingMethod.PB_GREEDY, budget=9, seats=2), RuleFault("useless", "crowd", "seats")),
        (of_vote(budget_rule=BudgetRule.NO_SKIP), RuleFault("useless", "crowd", "budget_rule")),
        (of_vote(method=VotingMethod.IRV, seats=0), RuleFault("seats", "crowd", 0)),
        (of_vote(quorum=0), RuleFault("quorum", "crowd", 0)),
        (of_vote(threshold=101), RuleFault("threshold", "crowd", 101)),
        (of_vote(member_percent=100), RuleFault("member_percent", "crowd", 100)),
        (of_vote(ideas=True), RuleFault("useless", "crowd", "ideas")),
        (of_vote(method=VotingMethod.STV, member_percent=50), RuleFault("useless", "crowd", "member_percent")),
        (
            of_vote(electorate=Electorate.MEMBERS, member_percent=50),
            RuleFault("member_percent_of_members", "crowd", 50),
        ),
        (of_vote(electorate=Electorate.CODES, min_account_days=3), RuleFault("codes_have_no_account", "crowd", 3)),
        (of_vote(min_account_days=-1), RuleFault("min_account_days", "crowd", -1)),
        (of_vote(secret=True, hidden_counts=False), RuleFault("secret_open_counts", "crowd")),
        (of_rounds(CROWD, replace(JURY, criteria=())), RuleFault("no_criteria", "jury")),
        (of_rounds(CROWD, replace(JURY, criteria=(NEED, NEED))), RuleFault("duplicate_criterion", "jury", "need")),
        (
            of_rounds(CROWD, replace(JURY, criteria=(replace(NEED, weight=0),))),
            RuleFault("criterion_weight", "jury", "need"),
        ),
        (
            of_rounds(CROWD, replace(JURY, criteria=(replace(NEED, levels=("yes",)),))),
            RuleFault("criterion_levels", "jury", "need"),
        ),
        (of_rounds(CROWD, replace(JURY, min_reviews=0)), RuleFault("min_reviews", "jury", 0)),
        (
            of_rounds(CROWD, replace(JURY, field=replace(BEST, source="crew"))),
            RuleFault("unknown_source", "jury", "crew"),
        ),
        (
            of_rounds(replace(CROWD, field=replace(BEST, source="jury")), JURY),
            RuleFault("source_not_earlier", "crowd", "jury"),
        ),
        (of_rounds(CROWD, replace(JURY, field=replace(BEST, best=0))), RuleFault("best", "jury", 0)),
        (of_rounds(CROWD, replace(JURY, field=Field(FieldKind.GATES))), RuleFault("no_gates", "jury")),
        (
            of_rounds(
                CROWD,
                replace(JURY, field=Field(FieldKind.GATES, gates=(Gate(GateKind.LEAST_REVIEWS, "jury", "1"),))),
            ),
            RuleFault("gate_not_earlier", "jury", "jury"),
        ),
        (of_gate(GateKind.LEAST_SUPPORTS, "crew"), RuleFault("gate_round", None, "crew")),
        (of_gate(GateKind.LEAST_SUPPORTS, "jury"), RuleFault("gate_not_measured", "jury", "least_supports")),
        (of_gate(GateKind.LEAST_REVIEWS, "crowd"), RuleFault("gate_not_measured", "crowd", "least_reviews")),
        (of_gate(GateKind.LEAST_MEDIAN, "crowd"), RuleFault("gate_not_measured", "crowd", "least_median")),
        (of_gate(GateKind.LEAST_MEAN, "jury", "3,5"), RuleFault("gate_number", "jury", "3,5")),
        (of_gate(GateKind.LEAST_MEAN, "jury", "-1"), RuleFault("gate_number", "jury", "-1")),
        (replace(SOUND, selection=SelectionRules(places=1)), RuleFault("no_components")),
        (of_adjusted("crowd"), RuleFault("adjusted_vote", "crowd")),
        (of_adjusted("jury"), RuleFault("adjusted_reviews", "jury", 2)),
        (replace(SOUND, selection=replace(CHOICE, places=0)), RuleFault("places", value=0)),
        (replace(SOUND, selection=replace(CHOICE, places=None)), RuleFault("no_limit")),
        (
            replace(SOUND, asks_cost=True, selection=replace(CHOICE, count=CountRule.GREEDY)),
            RuleFault("greedy_without_budget"),
        ),
        (replace(SOUND, selection=replace(CHOICE, budget=100)), RuleFault("budget_without_cost")),
        (replace(SOUND, asks_cost=True, selection=replace(CHOICE, budget=-1)), RuleFault("budget", value=-1)),
    ],
)
def test_each_fault_is_named_alone(rules: CallRules, fault: RuleFault) -> None:
    assert rule_faults(rules) == [fault]


def test_everything_wrong_with_components_is_named_at_once() -> None:
    components = (Component("crowd", 50), Component("crowd", 0), Component("crew", 40))
    assert rule_faults(replace(SOUND, selection=replace(CHOICE, components=components))) == [
        RuleFault("component_weight", "crowd", 0),
        RuleFault("component_round", "crew"),
        RuleFault("duplicate_component", "crowd"),
        RuleFault("weights", value=90),
    ]
