"""What numbers and codes are called in sentences."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from crowd.core.exact import exact, exact_text, rounded
from crowd.core.rules import GateKind, Quota, RoundKind, SelectionRules, TieBreak
from crowd.core.selection import EntryCode, Failed, Fate, Missing
from crowd.selection.queries import Numbers
from crowd.web.text import _, _l, in_digits, ngettext
from crowd.web.words import tag_words

NO_BREAK = "\u00a0"
MISSING_WORDS: dict[str, Any] = {
    Missing.NOT_IN_ROUND: _l("did not stand in this round"),
    Missing.INCOMPLETE: _l("incomplete: fewer reviews than the rules ask for"),
}
FATE_WORDS: dict[Fate, Any] = {
    Fate.IN: _l("above the line"),
    Fate.TIED: _l("tied at the line: you decide"),
    Fate.NO_PLACE: _l("no place left"),
    Fate.NO_MONEY: _l("does not fit what is left of the budget"),
    Fate.QUOTA_FULL: _l("passed over: a quota was full"),
    Fate.PLACE_KEPT: _l("passed over: the places left are kept for a quota"),
    Fate.NO_COST: _l("states no cost, so the budget cannot be checked"),
    Fate.BELOW_LINE: _l("below the line"),
    Fate.WAITS: _l("depends on how the tie above is decided"),
    Fate.NOT_ELECTED: _l("not elected by the vote"),
}
TIE_BREAK_WORDS: dict[TieBreak, Any] = {
    TieBreak.ORGANIZATION_DECIDES: _l("The rules leave this tie to the organization."),
    TieBreak.EARLIER_SUBMISSION: _l("By the rules the one handed in earlier goes first."),
    TieBreak.ALL_TIED_PASS: _l("By the rules all that are tied pass."),
}
ENTRY_WORDS: dict[EntryCode, Any] = {
    EntryCode.ALL: _l("All eligible proposals go on."),
    EntryCode.AMONG_BEST: _l("among the best"),
    EntryCode.BELOW_BEST: _l("below the best"),
    EntryCode.NO_VALUE: _l("no result in the earlier round"),
    EntryCode.OVER_GATES: _l("passes every gate"),
    EntryCode.FAILED_GATE: _l("fails a gate"),
}

SCORES_WORDS: dict[str | None, Any] = {
    "adjusted": _l(
        "What counts is the adjusted score, the mean of the reviews without the leniency of the reviewers, with three decimals; raw "
        "means and standard errors stand beside it."
    ),
    "not_enough": _l(
        "By the rules the adjusted scores count, but there were not enough reviews to adjust: the mean of its reviews is what counts."
    ),
    "raw": _l("The mean of its reviews is what counts."),
    None: _l("The mean of its reviews is what counts."),
}
"""How the reviews of a round are compared, by what the record says of it."""


def fate_words(fate: str, quotas: Iterable[str], rules: SelectionRules) -> str:
    """Where a proposal stands to the line; passed over, for which quotas: `the quota of 2 for “health” was full`."""
    known = {quota.tag: quota for quota in rules.quotas}
    named = [known[tag] for tag in quotas if tag in known]
    if fate == Fate.QUOTA_FULL and named:
        full = [_("the quota of %(most)s for “%(tag)s” was full", most=q.most, tag=q.tag) for q in named]
        return _("passed over: %(why)s", why=joined(full))
    if fate == Fate.PLACE_KEPT and named:
        kept = [_("at least %(least)s with “%(tag)s”", least=q.least, tag=q.tag) for q in named]
        return _("passed over: the places left are kept for %(why)s", why=joined(kept))
    return str(FATE_WORDS[Fate(fate)])


def quotas_words(rules: SelectionRules) -> list[str]:
    """What the rules ask of the selection beside places and budget: one sentence each."""
    told = [tag_words(quota) for quota in rules.quotas]
    found = [_("Of those selected %(quotas)s", quotas=joined(told))] if told else []
    if rules.reserve:
        found.append(ngettext("The next %(num)s stands in reserve", "The next %(num)s stand in reserve", rules.reserve))
    return found


def off_quota_words(quota: Quota, count: int) -> str:
    """A quota that the selection does not keep."""
    if count < quota.least:
        return _(
            "“%(tag)s”: %(count)s selected, at least %(least)s asked", tag=quota.tag, count=count, least=quota.least
        )
    return _("“%(tag)s”: %(count)s selected, at most %(most)s allowed", tag=quota.tag, count=count, most=quota.most)


def gate_words(kind: str, least: str) -> str:
    """What a gate asks for: `at least 50 supports`."""
    number = decimal(exact(least))
    match GateKind(kind):
        case GateKind.LEAST_SUPPORTS:
            return _("at least %(least)s supports", least=number)
        case GateKind.LEAST_MEAN:
            return _("a mean of at least %(least)s", least=number)
        case GateKind.LEAST_MEDIAN:
            return _("a median of at least %(least)s", least=number)
        case GateKind.LEAST_REVIEWS:
            return _("at least %(least)s reviews", least=number)


def failed_words(failed: Failed) -> str:
    return failed_text(failed.gate.kind, exact_text(failed.least), failed.value)


def failed_text(kind: str, least: str, value: Fraction | None) -> str:
    asked = gate_words(kind, least)
    if value is None:
        return _("%(gate)s (it has none)", gate=asked)
    return _("%(gate)s (it has %(value)s)", gate=asked, value=decimal(value))


def decimal(value: Fraction) -> str:
    """A number for the eye: whole where it is whole, else two places."""
    return str(value.numerator) if value.denominator == 1 else in_digits(rounded(value))


def percent(value: Fraction) -> str:
    return _("%(number)s %%", number=in_digits(rounded(value * 100, 1).removesuffix(".0"))).replace(" ", NO_BREAK)


def votes_words(numbers: Numbers, key: str) -> str:
    """`128 of 340 voters supported it.`, empty where nothing was counted for it."""
    found = numbers.votes()
    if found is None or found.tally is None or key not in found.tally.votes:
        return ""
    votes, ballots = found.tally.votes[key], found.tally.ballots
    return ngettext(
        "%(votes)s of %(num)s voter supported it.", "%(votes)s of %(num)s voters supported it.", ballots, votes=votes
    )


def round_titles(numbers: Numbers) -> Mapping[str, str]:
    return {found.round.key: found.round.title or kind_words(found.round.kind) for found in numbers.rounds}


def kind_words(kind: RoundKind) -> str:
    return _("Public vote") if kind is RoundKind.VOTE else _("Jury")


def joined(words: list[str]) -> str:
    """`a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s", first=", ".join(words[:-1]), last=words[-1])
