"""A change of rules in words: what it is about, and the difference of its texts word by word."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from crowd.core.amendments import Judgement, Path, RuleChange, Verdict
from crowd.core.diff import Paragraph, diff
from crowd.core.rules import CallRules, Component, Criterion, Field, Gate, Quota, Round, Stage
from crowd.web.text import _, _l
from crowd.web.times import absolute
from crowd.web.words import (
    AUDIENCES,
    BLINDNESSES,
    BUDGET_RULES,
    CONFLICT_POLICIES,
    COUNT_RULES,
    COUNTED,
    ELECTORATES,
    ENTRANTS,
    FIELDS,
    GATES,
    LEFT_OUT,
    METHODS,
    PUBLICITIES,
    RESULTS_PUBLICITIES,
    ROUNDS,
    SEEN_BY,
    STAGES,
    TIE_BREAKS,
    UNSCREENED,
    tag_words,
)

VALUES: dict[Any, Any] = {
    **AUDIENCES,
    **ENTRANTS,
    **METHODS,
    **ELECTORATES,
    **FIELDS,
    **GATES,
    **TIE_BREAKS,
    **COUNT_RULES,
    **ROUNDS,
}
BY_FIELD: dict[str, dict[Any, Any]] = {
    "blindness": BLINDNESSES,
    "conflict_policy": CONFLICT_POLICIES,
    "audience": AUDIENCES,
    "entrants": ENTRANTS,
    "publicity": PUBLICITIES,
    "results_publicity": RESULTS_PUBLICITIES,
    "unscreened": UNSCREENED,
    "left_out": LEFT_OUT,
    "method": METHODS,
    "electorate": ELECTORATES,
    "budget_rule": BUDGET_RULES,
    "count": COUNT_RULES,
    "tie_break": TIE_BREAKS,
    "kind": VALUES,
    "seen_by": SEEN_BY,
    "counted": COUNTED,
}
LABELS: dict[str, Any] = {
    "title": _l("Title"),
    "lead": _l("Lead"),
    "body": _l("What is asked and why"),
    "tags": _l("Tags"),
    "language": _l("Language of the call"),
    "time_zone": _l("Time zone of all dates"),
    "audience": _l("Who may see the call?"),
    "entrants": _l("Who may hand in?"),
    "eligibility": _l("Who may take part, in words"),
    "own_people_may_enter": _l("The organization's own people may enter too"),
    "handed_in": _l("What is handed in"),
    "asks_cost": _l("Each proposal states what it costs"),
    "currency": _l("Currency"),
    "max_attachments": _l("Files per proposal"),
    "most_as_lead": _l("Proposals one person may lead"),
    "most_in_team": _l("Teams one person may be in"),
    "declarations": _l("What people declare when handing in"),
    "prize": _l("Prize"),
    "credit": _l("Credit"),
    "licence": _l("Licence of proposals"),
    "contact": _l("Contact"),
    "answer_days": _l("We answer within … working days"),
    "screening": _l("Screening"),
    "unscreened": _l("Proposals nobody screened in time"),
    "left_out": _l("When those who do not go on are told"),
    "publicity": _l("When are proposals shown to everybody?"),
    "results_publicity": _l("What do results show of those not selected?"),
    "decides": _l("Who decides, in words"),
    "stages": _l("Stages with dates"),
    "opens_at": _l("Opens"),
    "closes_at": _l("Closes"),
    "rounds": _l("Rounds"),
    "field": _l("Which proposals go in"),
    "source": _l("The best of which round"),
    "best": _l("How many go in"),
    "gates": _l("Gates"),
    "least": _l("At least"),
    "method": _l("Method of the vote"),
    "electorate": _l("Who votes"),
    "min_account_days": _l("Least age of an account in days"),
    "max_choices": _l("Proposals a ballot may name"),
    "points": _l("Dots or credits of a ballot"),
    "grades": _l("Grades, the best first"),
    "seats": _l("How many are elected"),
    "budget_rule": _l("When a project no longer fits"),
    "quorum": _l("Least number of ballots"),
    "threshold": _l("Least share of ballots, in percent"),
    "member_percent": _l("Weight of the members' ballots, in percent"),
    "secret": _l("Secret ballots"),
    "tie_commitment": _l("Sealed number that settles ties"),
    "ideas": _l("Proposals may be added while the vote is open"),
    "hidden_counts": _l("Counts stay hidden until the vote closes"),
    "criteria": _l("Criteria"),
    "levels": _l("Levels"),
    "comment_required": _l("A comment is needed"),
    "independent": _l("Outside the total"),
    "asks_confidence": _l("Reviews say how sure the reviewer is"),
    "min_reviews": _l("Reviews per proposal"),
    "show_jurors": _l("The jurors are named"),
    "blindness": _l("Who learns whose name"),
    "conflict_policy": _l("When a tie is found"),
    "components": _l("Weights of the rounds"),
    "weight": _l("Weight"),
    "adjusted": _l("Compared by adjusted scores"),
    "count": _l("How the numbers propose"),
    "places": _l("Places"),
    "budget": _l("Budget"),
    "tie_break": _l("If equal totals meet at the line"),
    "quotas": _l("Quotas"),
    "reserve": _l("Places in reserve"),
    "reasons": _l("Kinds of reasons"),
    "kind": _l("Kind"),
    "order": _l("Order"),
    "stage": _l("Stage"),
    "custom_fields": _l("Questions of a proposal"),
    "label": _l("Label"),
    "help": _l("Help text"),
    "required": _l("Must be answered"),
    "required_from": _l("Must be answered from this stage on"),
    "frozen_from": _l("Fixed from this stage on"),
    "seen_by": _l("Who reads the answer"),
    "choices": _l("Choices"),
    "most_choices": _l("How many may be chosen"),
    "shortest": _l("At least this long"),
    "longest": _l("At most this long"),
    "counted": _l("Counted in"),
    "most": _l("At most"),
    "decimals": _l("Decimals"),
}
UNSAID = frozenset({"selection", "field"})
"""Steps of a path that say nothing beside what follows."""

WHY: dict[str, Any] = {
    "change_explains": _l("This may change: it harms nobody who handed in."),
    "change_before_entries": _l("This may change: nobody has handed in yet."),
    "change_binds": _l("People handed in because of this: each of them is asked."),
    "change_new_part": _l(
        "This asks more of a proposal: everybody who handed in is asked, while there is time to add it."
    ),
    "change_part_too_late": _l("Not possible: nobody could add this any more, proposals are closed."),
    "change_shorter_deadline": _l("Not possible: a deadline is never made shorter by an amendment."),
    "change_by_shift": _l("Not possible here: dates are moved on the page “Schedule”, each time with a reason."),
    "change_stages_fixed": _l("Not possible: stages and rounds neither come nor go. Begin a new call for that."),
    "change_round_frozen": _l("Not possible: this round's list is frozen, so its rules are too."),
    "change_rubric_frozen": _l("Not possible: the jury judges by these criteria already."),
    "change_judged": _l("Not possible: votes or reviews exist, so nobody may change what they count for."),
}


@dataclass(frozen=True)
class ChangeInWords:
    label: str
    paragraphs: list[Paragraph]
    verdict: Verdict | None = None
    why: str = ""


def told(judgements: Iterable[Judgement], old: CallRules, new: CallRules) -> list[ChangeInWords]:
    """Changes with what they need."""
    return [
        ChangeInWords(*_told(judged.change, old, new), judged.verdict, str(WHY[judged.code])) for judged in judgements
    ]


def differences(changes: Iterable[RuleChange], old: CallRules, new: CallRules) -> list[ChangeInWords]:
    """Changes as the history tells them."""
    return [ChangeInWords(*_told(change, old, new)) for change in changes]


def _told(change: RuleChange, old: CallRules, new: CallRules) -> tuple[str, list[Paragraph]]:
    zone, leaf = new.time_zone, change.path[-1]
    before, after = (_value(value, leaf, zone) for value in (change.before, change.after))
    return label_of(change.path, old, new), list(diff(before, after))


def label_of(path: Path, old: CallRules, new: CallRules) -> str:
    """`Jury › Criteria › Benefit › Weight`."""
    names = _names(new) | _names(old)
    steps = [str(LABELS[step]) if step in LABELS else names.get(step, step) for step in path]
    said = [words for step, words in zip(path, steps, strict=True) if step not in UNSAID or step == path[-1]]
    return " › ".join(said[1:] if path[0] == "rounds" and len(said) > 1 else said)


def _names(rules: CallRules) -> dict[str, str]:
    """Parts that are named by a key, in their own words."""
    found = {stage.key: str(STAGES[stage.kind]) for stage in rules.stages}
    found |= {asked.key: asked.label or asked.key for asked in rules.custom_fields}
    for each in rules.rounds:
        found[each.key] = each.title or each.key
        found |= {criterion.key: criterion.title or criterion.key for criterion in each.criteria}
        found |= _gate_names(each.field.gates, rules)
    found |= {f"tag {quota.tag}": _("tag “%(tag)s”", tag=quota.tag) for quota in rules.selection.quotas}
    return found | _gate_names(rules.selection.gates, rules)


def _gate_names(gates: Iterable[Gate], rules: CallRules) -> dict[str, str]:
    titles = {each.key: each.title for each in rules.rounds}
    return {f"{g.round}.{g.kind}": f"{titles.get(g.round, g.round)}: {GATES[g.kind]}" for g in gates}


def _value(value: Any, leaf: str, zone: str) -> str:
    """Any value of the rules in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Enum):
        return str(BY_FIELD.get(leaf, VALUES).get(value, value.value))
    if isinstance(value, str | int):
        return str(value)
    if isinstance(value, datetime):
        return absolute(value, zone)
    if isinstance(value, tuple):
        return "\n".join(_value(item, leaf, zone) for item in value)
    return _part(value, zone)


def _part(value: Any, zone: str) -> str:
    match value:
        case Stage():
            return str(STAGES[value.kind])
        case Round() | Criterion():
            return value.title or value.key
        case Gate():
            return f"{GATES[value.kind]} {value.least}"
        case Quota():
            return tag_words(value)
        case Component():
            weight = _("%(weight)d %%", weight=value.weight)
            return _("%(weight)s, by adjusted scores", weight=weight) if value.adjusted else weight
        case Field():
            return str(FIELDS[value.kind])
        case _:
            return str(getattr(value, "label", None) or getattr(value, "title", None) or value)
