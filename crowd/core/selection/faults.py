"""What is wrong with the rounds and the selection of a call's rules, before they are frozen."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from crowd.core.calibration import LEAST
from crowd.core.exact import exact
from crowd.core.rules import (
    BUDGET_METHODS,
    POINT_METHODS,
    CallRules,
    Component,
    CountRule,
    Electorate,
    FieldKind,
    Gate,
    GateKind,
    Round,
    RoundKind,
    SelectionRules,
    VotingMethod,
    useless,
)
from crowd.core.status import StageKind

STAGE_OF = {RoundKind.VOTE: StageKind.VOTING, RoundKind.REVIEW: StageKind.REVIEW}


@dataclass(frozen=True)
class RuleFault:
    """A code for the sentence, the round it is about, and a value (a key, a text or a number).

    Rounds: `duplicate_round`, `unknown_stage`, `wrong_stage`, `max_choices`, `no_criteria`, `duplicate_criterion`,
    `only_independent`, `criterion_weight`, `criterion_levels`, `min_reviews`.
    Votes: `points`, `grades`, `round_budget`, `round_budget_without_cost`, `seats`, `quorum`, `threshold`, `member_percent`,
    `member_percent_of_members`, `min_account_days`, `codes_have_no_account`, `secret_open_counts`, `ideas_field`,
    `useless` (value: the rule).
    Fields: `unknown_source`, `source_not_earlier`, `best`, `no_gates`.
    Gates: `gate_round`, `gate_not_earlier`, `gate_number`, `gate_not_measured`.
    Selection: `no_components`, `component_round`, `duplicate_component`, `component_weight`, `weights` (value: their sum),
    `adjusted_vote`, `adjusted_reviews`,
    `places`, `budget`, `no_limit`, `greedy_without_budget`, `budget_without_cost`, `elected_by_one_vote`, `reserve`.
    Quotas (value: the tag): `quota_tag`, `duplicate_quota`, `quota_bounds`, `quota_least_without_places`, `quota_without_line`.
    """

    code: str
    round: str | None = None
    value: str | int | None = None


def rule_faults(rules: CallRules) -> list[RuleFault]:
    """All that is wrong, in the order a person reads the rules."""
    keys = [each.key for each in rules.rounds]
    found = [RuleFault("duplicate_round", key) for key in sorted({key for key in keys if keys.count(key) > 1})]
    for each in rules.rounds:
        found += [*_stage(each, rules), *_ballot_or_rubric(each), *_costs(each, rules), *_field(each, rules)]
    found += [*_components(rules), *_gates(rules.selection.gates, rules, None), *_line(rules)]
    return found


def _stage(each: Round, rules: CallRules) -> Iterator[RuleFault]:
    stage = next((stage for stage in rules.stages if stage.key == each.stage), None)
    if stage is None:
        yield RuleFault("unknown_stage", each.key, each.stage)
    elif stage.kind is not STAGE_OF[each.kind]:
        yield RuleFault("wrong_stage", each.key, each.stage)


def _ballot_or_rubric(each: Round) -> Iterator[RuleFault]:
    if each.kind is RoundKind.VOTE:
        yield from vote_faults(each)
        return
    if not each.criteria:
        yield RuleFault("no_criteria", each.key)
    elif all(criterion.independent for criterion in each.criteria):
        yield RuleFault("only_independent", each.key)
    keys = [criterion.key for criterion in each.criteria]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield RuleFault("duplicate_criterion", each.key, key)
    for criterion in each.criteria:
        if criterion.weight < 1:
            yield RuleFault("criterion_weight", each.key, criterion.key)
        if len(criterion.levels) < 2:
            yield RuleFault("criterion_levels", each.key, criterion.key)
    if each.min_reviews < 1:
        yield RuleFault("min_reviews", each.key, each.min_reviews)


def vote_faults(vote: Round) -> Iterator[RuleFault]:
    """What is wrong with a vote by itself: what its method needs, numbers out of bounds, what contradicts."""
    yield from (RuleFault("useless", vote.key, name) for name in useless(vote))
    if vote.method in POINT_METHODS and vote.points is None:
        yield RuleFault("points", vote.key)
    if vote.method in BUDGET_METHODS and vote.budget is None:
        yield RuleFault("round_budget", vote.key)
    for name, (code, least, most) in _BOUNDS.items():
        value = getattr(vote, name)
        if value is not None and not least <= value <= (most or value):
            yield RuleFault(code, vote.key, value)
    if vote.grades and (
        len(vote.grades) < 2 or len({word.casefold().strip() for word in vote.grades}) < len(vote.grades)
    ):
        yield RuleFault("grades", vote.key, len(vote.grades))
    if vote.member_percent is not None and vote.electorate is Electorate.MEMBERS:
        yield RuleFault("member_percent_of_members", vote.key, vote.member_percent)
    if vote.min_account_days and vote.electorate is Electorate.CODES:
        yield RuleFault("codes_have_no_account", vote.key, vote.min_account_days)
    if vote.secret and not vote.hidden_counts:
        yield RuleFault("secret_open_counts", vote.key)
    if vote.ideas and vote.field.kind is not FieldKind.ALL:
        yield RuleFault("ideas_field", vote.key)


_BOUNDS: Mapping[str, tuple[str, int, int | None]] = {
    "max_choices": ("max_choices", 1, None),
    "points": ("points", 1, None),
    "budget": ("round_budget", 1, None),
    "seats": ("seats", 1, None),
    "quorum": ("quorum", 1, None),
    "threshold": ("threshold", 1, 100),
    "member_percent": ("member_percent", 1, 99),
    "min_account_days": ("min_account_days", 0, None),
}
"""Rule → code, least, most."""


def _costs(each: Round, rules: CallRules) -> Iterator[RuleFault]:
    if each.kind is RoundKind.VOTE and each.method in BUDGET_METHODS and not rules.asks_cost:
        yield RuleFault("round_budget_without_cost", each.key)


def _field(each: Round, rules: CallRules) -> Iterator[RuleFault]:
    field = each.field
    if field.kind is FieldKind.GATES:
        if not field.gates:
            yield RuleFault("no_gates", each.key)
        yield from _gates(field.gates, rules, each)
    if field.kind is FieldKind.BEST:
        source = _round(rules, field.source)
        if source is None:
            yield RuleFault("unknown_source", each.key, field.source)
        elif not _earlier(source, each, rules):
            yield RuleFault("source_not_earlier", each.key, source.key)
        if field.best is None or field.best < 1:
            yield RuleFault("best", each.key, field.best)


def _gates(gates: Iterable[Gate], rules: CallRules, before: Round | None) -> Iterator[RuleFault]:
    for gate in gates:
        source = _round(rules, gate.round)
        if source is None:
            yield RuleFault("gate_round", before.key if before else None, gate.round)
        elif before and not _earlier(source, before, rules):
            yield RuleFault("gate_not_earlier", before.key, gate.round)
        elif not _measures(source, gate.kind):
            yield RuleFault("gate_not_measured", gate.round, gate.kind.value)
        if not _is_exact(gate.least):
            yield RuleFault("gate_number", gate.round, gate.least)


def _measures(source: Round, kind: GateKind) -> bool:
    """Supports are counted in votes, reviews in reviews; means and medians need scores."""
    if kind is GateKind.LEAST_SUPPORTS:
        return source.kind is RoundKind.VOTE
    if kind is GateKind.LEAST_REVIEWS:
        return source.kind is RoundKind.REVIEW
    return source.kind is RoundKind.REVIEW or source.method is VotingMethod.SCORE


def _components(rules: CallRules) -> Iterator[RuleFault]:
    components = rules.selection.components
    if not components:
        if rules.selection.count is not CountRule.NONE:
            yield RuleFault("no_components")
        return
    keys = [component.round for component in components]
    for component in components:
        if _round(rules, component.round) is None:
            yield RuleFault("component_round", component.round)
        if component.weight < 1:
            yield RuleFault("component_weight", component.round, component.weight)
        yield from _adjusted(component, rules)
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield RuleFault("duplicate_component", key)
    if (total := sum(component.weight for component in components)) != 100:
        yield RuleFault("weights", value=total)


def _adjusted(component: Component, rules: CallRules) -> Iterator[RuleFault]:
    source = _round(rules, component.round)
    if not component.adjusted or source is None:
        return
    if source.kind is not RoundKind.REVIEW:
        yield RuleFault("adjusted_vote", source.key)
    elif source.min_reviews < LEAST:
        yield RuleFault("adjusted_reviews", source.key, LEAST)


def _line(rules: CallRules) -> Iterator[RuleFault]:
    selection = rules.selection
    if selection.places is not None and selection.places < 1:
        yield RuleFault("places", value=selection.places)
    if selection.budget is not None and selection.budget < 1:
        yield RuleFault("budget", value=selection.budget)
    if selection.count is CountRule.GREEDY and selection.budget is None:
        yield RuleFault("greedy_without_budget")
    if selection.count is CountRule.ELECTED and not _is_one_vote(rules):
        yield RuleFault("elected_by_one_vote")
    if selection.count is CountRule.CUT_LINE and selection.places is None and selection.budget is None:
        yield RuleFault("no_limit")
    if selection.budget is not None and not rules.asks_cost:
        yield RuleFault("budget_without_cost")
    if selection.reserve is not None and (selection.reserve < 1 or selection.count is CountRule.NONE):
        yield RuleFault("reserve", value=selection.reserve)
    yield from _quotas(selection)


def _quotas(selection: SelectionRules) -> Iterator[RuleFault]:
    tags = [quota.tag.casefold().strip() for quota in selection.quotas]
    yield from (RuleFault("duplicate_quota", value=tag) for tag in sorted({t for t in tags if tags.count(t) > 1}))
    for quota in selection.quotas:
        if not quota.tag.strip():
            yield RuleFault("quota_tag")
        if selection.count not in {CountRule.CUT_LINE, CountRule.GREEDY}:
            yield RuleFault("quota_without_line", value=quota.tag)
        least, most, places = quota.least, quota.most, selection.places
        if least < 0 or (most is None and not least) or (most is not None and (most < 0 or most < least)):
            yield RuleFault("quota_bounds", value=quota.tag)
        if least and places is None:
            yield RuleFault("quota_least_without_places", value=quota.tag)
        elif least and places is not None and least > places:
            yield RuleFault("quota_bounds", value=quota.tag)


def _is_one_vote(rules: CallRules) -> bool:
    """Nothing but one vote weighs."""
    weighing = [_round(rules, component.round) for component in rules.selection.components]
    return len(weighing) == 1 and weighing[0] is not None and weighing[0].kind is RoundKind.VOTE


def _round(rules: CallRules, key: str | None) -> Round | None:
    return next((each for each in rules.rounds if each.key == key), None)


def _earlier(source: Round, each: Round, rules: CallRules) -> bool:
    """By the order of their stages; rounds of one stage run side by side. Unknown stages are reported on their own."""
    places = {stage.key: place for place, stage in enumerate(rules.stages)}
    if source.stage not in places or each.stage not in places:
        return source.key != each.key
    return places[source.stage] < places[each.stage]


def _is_exact(text: str) -> bool:
    try:
        return exact(text) >= 0
    except ValueError:
        return False
