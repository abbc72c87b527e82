"""A call's rules told in words: how the winner is chosen, and the schedule with what was moved."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crowd.core.rules import (
    CallRules,
    CountRule,
    FieldKind,
    Gate,
    GateKind,
    Round,
    RoundKind,
    Stage,
)
from crowd.core.subjects import CallFacts
from crowd.pages.views.vote_story import vote_words
from crowd.web.templating import money
from crowd.web.text import _, _l, ngettext
from crowd.web.words import ADJUSTED_RULE, BLIND_RULES, STAGES, TIE_BREAKS, tag_words


@dataclass(frozen=True)
class StoryStep:
    title: str
    text: str
    weight: str | None = None


def steps_of(rules: CallRules) -> list[StoryStep]:
    """How the winner is chosen: screening, each round with its weight, the decision."""
    return [*_screening(rules), *(_round_step(each, rules) for each in rules.rounds), _decision(rules)]


def _screening(rules: CallRules) -> Iterator[StoryStep]:
    if rules.screening:
        text = _("The organization checks each proposal against the rules and gives a reason for every one it refuses.")
        yield StoryStep(_("Screening"), text)


def _round_step(each: Round, rules: CallRules) -> StoryStep:
    part = next((c for c in rules.selection.components if c.round == each.key), None)
    told = [
        _field_words(each, rules),
        vote_words(each, rules.currency) if each.kind is RoundKind.VOTE else _jury_words(each),
        str(ADJUSTED_RULE) if part and part.adjusted else "",
    ]
    words = _("%(weight)d %%", weight=part.weight) if part else None
    return StoryStep(each.title, " ".join(part for part in told if part), words)


def _field_words(each: Round, rules: CallRules) -> str:
    field = each.field
    if field.kind is FieldKind.BEST and field.best is not None:
        source = round_title(rules, field.source or "")
        return ngettext(
            "The best proposal of “%(source)s” goes in.",
            "The best %(num)d of “%(source)s” go in; ties at the line all pass.",
            field.best,
            source=source,
        )
    if field.kind is FieldKind.GATES:
        return _("Proposals go in that have %(gates)s.", gates=gates_words(field.gates, rules))
    return ""


def _jury_words(each: Round) -> str:
    criteria = ", ".join(
        _("%(title)s (outside the total)", title=criterion.title)
        if criterion.independent
        else f"{criterion.title} ({criterion.weight})"
        for criterion in each.criteria
    )
    least = ngettext(
        "Each proposal gets at least one review.", "Each proposal gets at least %(num)d reviews.", each.min_reviews
    )
    shown = _("The jurors are named.") if each.show_jurors else _("The jurors are not named.")
    criteria = _("Criteria and their weights: %(criteria)s.", criteria=criteria)
    return " ".join([criteria, least, shown, str(BLIND_RULES[each.blindness])])


def _decision(rules: CallRules) -> StoryStep:
    selection = rules.selection
    told = [_limit_words(rules)]
    if selection.gates:
        told.append(_("To be selected a proposal needs %(gates)s.", gates=gates_words(selection.gates, rules)))
    told += [_("Of those selected %(quota)s.", quota=tag_words(quota)) for quota in selection.quotas]
    if selection.reserve:
        told.append(_("The next %(count)s of the ranking stand in reserve.", count=selection.reserve))
    if selection.count not in {CountRule.NONE, CountRule.ELECTED}:
        told.append(_("If equal totals meet at the line: %(rule)s.", rule=TIE_BREAKS[selection.tie_break]))
    told.append(_("Whoever differs from the numbers says why, in public. Every proposal gets a reason."))
    return StoryStep(_("Decision"), " ".join(told))


def _limit_words(rules: CallRules) -> str:
    selection = rules.selection
    if selection.count is CountRule.NONE:
        return _("The organization chooses and gives its reasons.")
    if selection.count is CountRule.ELECTED:
        return _("The vote itself elects the winners, by its own places or budget.")
    limits = []
    if selection.places is not None:
        limits.append(ngettext("one place", "%(num)d places", selection.places))
    if selection.budget is not None:
        limits.append(_("a budget of %(amount)s", amount=money(selection.budget, rules.currency)))
    return _("The ranking proposes the winners, up to %(limits)s.", limits=_(" and ").join(limits))


GATE_WORDS: dict[GateKind, Any] = {
    GateKind.LEAST_SUPPORTS: _l("at least %(least)s supports in “%(round)s”"),
    GateKind.LEAST_MEAN: _l("a mean of at least %(least)s in “%(round)s”"),
    GateKind.LEAST_MEDIAN: _l("a median of at least %(least)s in “%(round)s”"),
    GateKind.LEAST_REVIEWS: _l("at least %(least)s reviews in “%(round)s”"),
}


def gates_words(gates: tuple[Gate, ...], rules: CallRules) -> str:
    told = [str(GATE_WORDS[g.kind]) % {"least": g.least, "round": round_title(rules, g.round)} for g in gates]
    return _(" and ").join(told)


def round_title(rules: CallRules, key: str) -> str:
    return next((each.title for each in rules.rounds if each.key == key), key)


@dataclass(frozen=True)
class ScheduleLine:
    """A stage in force; `was_opens` and `was_closes` are set where the frozen rules said otherwise."""

    label: str
    opens_at: datetime
    closes_at: datetime | None
    was_opens: datetime | None
    was_closes: datetime | None


def schedule_lines(facts: CallFacts) -> list[ScheduleLine]:
    frozen = {stage.key: stage for stage in facts.rules.stages}
    return [_line(stage, frozen.get(stage.key, stage)) for stage in facts.schedule]


def _line(stage: Stage, frozen: Stage) -> ScheduleLine:
    return ScheduleLine(
        str(STAGES[stage.kind]),
        stage.opens_at,
        stage.closes_at,
        frozen.opens_at if frozen.opens_at != stage.opens_at else None,
        frozen.closes_at if frozen.closes_at != stage.closes_at else None,
    )
