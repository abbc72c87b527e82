"""What a count comes to, in sentences: who won by which rule, quorum and threshold, ties and what settled them."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from crowd.core.rules import BUDGET_METHODS, VotingMethod
from crowd.core.tally.explain.figures import Fill, figures
from crowd.web.counts.reasons import settled_words
from crowd.web.counts.teller import Teller, figure, signed
from crowd.web.text import _, _l, ngettext

ON_THE_WAY = frozenset({"elimination", "exclusion", "surplus", "purchase"})
"""Ties that decide the next step and not, by themselves, a place."""
TIED_FOR: Mapping[str, Any] = {
    "seat": _l("Tied for a place: %(names)s. It went to %(first)s."),
    "elimination": _l("Tied for going out in round %(round)s: %(names)s. Out went %(first)s."),
    "exclusion": _l("Tied for going out after round %(round)s: %(names)s. Out went %(first)s."),
    "surplus": _l("Equal surpluses after round %(round)s: %(names)s. First came that of %(first)s."),
    "place in the runoff": _l("Tied for a place in runoff %(round)s: %(names)s. It went to %(first)s."),
    "runoff": _l("Tied in runoff %(round)s: %(names)s. It went to %(first)s."),
    "money": _l("Tied where the budget did not reach for all: %(names)s. It paid for %(first)s."),
    "purchase": _l("Asking equally little in step %(round)s: %(names)s. First came %(first)s."),
}


def rule_words(teller: Teller) -> list[str]:
    """What the round asks for beyond its method."""
    return list(_rules(teller))


def _rules(teller: Teller) -> Iterator[str]:
    round_ = teller.counted.round
    if round_.method in BUDGET_METHODS:
        yield _("There are %(budget)s to spend.", budget=teller.money(round_.budget or 0))
    elif teller.elects:
        yield ngettext("One proposal wins.", "%(num)s proposals win.", round_.seats or 1)
    if round_.member_percent is not None:
        yield _(
            "Members' ballots weigh %(members)s %% together, all others' %(others)s %%; votes are percent of all of it.",
            members=round_.member_percent,
            others=100 - round_.member_percent,
        )
    if round_.quorum is not None:
        needed = ngettext(
            "At least %(num)s valid ballot is needed", "At least %(num)s valid ballots are needed", round_.quorum
        )
        there = figure(teller.counted.ballots)
        yield (
            _("%(needed)s; there are %(there)s, so the vote stands.", needed=needed, there=there)
            if teller.counted.quorum_met
            else _("%(needed)s; there are only %(there)s, so nobody wins.", needed=needed, there=there)
        )
    if round_.threshold is not None:
        yield _("Whoever wins must be named on at least %(least)s %% of the ballots.", least=round_.threshold)


def won_words(teller: Teller) -> list[str]:
    """Whoever won the count and is not elected, and why."""
    counted = teller.counted
    return [
        _(
            "“%(name)s” won a place in the count, but is named on only %(named)s of %(all)s; nobody comes in its place.",
            name=teller.name(name),
            named=teller.ballots(counted.named[name]),
            all=teller.bare(counted.all_votes),
        )
        for name in counted.winners
        if counted.short_of_threshold(name)
    ]


def tie_words(teller: Teller) -> list[str]:
    """Every tie that something hung on, those for a place first; where nobody is elected nothing did."""
    if not teller.elects or not teller.counted.quorum_met:
        return []
    return [
        str(TIED_FOR[tie["for"]])
        % {
            "names": teller.brief.list(tuple(tie["candidates"])),
            "first": teller.brief.list(tuple(tie["chosen"])) or _("nobody"),
            "round": tie["round"],
        }
        + " "
        + settled_words(teller, tie["by"])
        for tie in sorted(teller.counted.ties, key=lambda tie: tie["for"] in ON_THE_WAY)
    ]


def is_settled_by_seed(teller: Teller) -> bool:
    return teller.elects and teller.counted.quorum_met and any(tie["by"] == "seed" for tie in teller.counted.ties)


MEASURES: Mapping[VotingMethod, Any] = {
    VotingMethod.SCORE: _l("Points"),
    VotingMethod.STAR: _l("Points"),
    VotingMethod.IRV: _l("Votes in its last round"),
    VotingMethod.STV: _l("Votes at the end"),
    VotingMethod.SCHULZE: _l("Beats"),
    VotingMethod.MAJORITY_JUDGMENT: _l("Middle grade"),
    VotingMethod.CUMULATIVE: _l("Dots"),
    VotingMethod.QUADRATIC: _l("Votes bought"),
    VotingMethod.PB_GREEDY: _l("Cost"),
    VotingMethod.EQUAL_SHARES: _l("Cost"),
    VotingMethod.BRADLEY_TERRY: _l("Estimate"),
}


def measures(teller: Teller) -> tuple[str, Mapping[str, str]] | None:
    """What the method compares by beside the ballots that name a candidate: a label, and each one's number."""
    method = teller.counted.round.method
    if method is VotingMethod.APPROVAL:
        return (_("Share of the votes"), _each(teller, teller.bare)) if teller.weighed else None
    label = str(MEASURES[method])
    match method:
        case VotingMethod.IRV | VotingMethod.STV:
            return label, _each(teller, teller.bare)
        case VotingMethod.MAJORITY_JUDGMENT:
            middle = teller.counted.first["majority_grades"]
            return label, {name: teller.grade(word) for name, word in middle.items()}
        case VotingMethod.BRADLEY_TERRY:
            return label, _each(teller, signed)
        case VotingMethod.PB_GREEDY | VotingMethod.EQUAL_SHARES:
            return label, _costs(teller)
        case _:
            return label, _each(teller, figure)


def _each(teller: Teller, words: Callable[[Fraction], str]) -> dict[str, str]:
    return {name: words(score) for name, score in teller.counted.scores.items()}


def _costs(teller: Teller) -> dict[str, str]:
    found = next((each for each in figures(teller.counted) if isinstance(each, Fill)), None)
    return {turn.candidate: teller.money(turn.cost) for turn in found.turns} if found else {}
