"""A ballot in words: its state in one sentence, kept true by script while one votes, and what it says line by line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crowd.core.rules import BUDGET_METHODS, Round, VotingMethod
from crowd.core.tally.choices import KIND_OF, Choices, Why, spent
from crowd.core.tally.profile import Kind
from crowd.rounds.queries import Entry
from crowd.web.grades import grade_words
from crowd.web.templating import money, number
from crowd.web.text import _, _l, ngettext

BASKET = "basket"
WHYS: dict[Why, Any] = {
    Why.EQUAL: _l("Both are equally good"),
    Why.UNKNOWN: _l("I know too little about them"),
    Why.UNLIKE: _l("They cannot be compared"),
}


def kind_of(round_: Round) -> str:
    """Which form the ballot has: that of its kind, or a basket."""
    return BASKET if round_.method in BUDGET_METHODS else KIND_OF[round_.method].value


@dataclass(frozen=True)
class Figures:
    """What the sentence of a ballot is made of. `total` and `spent`: of points, credits or money; 0 where there is none."""

    count: int
    most: int
    spent: int
    total: int
    currency: str | None

    @property
    def too_many(self) -> bool:
        return 0 < self.most < self.count

    @property
    def overspent(self) -> bool:
        return 0 < self.total < self.spent

    @property
    def over(self) -> bool:
        return self.too_many or self.overspent

    @property
    def left(self) -> int:
        return max(0, self.total - self.spent)

    def words(self) -> dict[str, str]:
        def amount(value: int) -> str:
            return money(value, self.currency) if self.currency else number(value)

        return {
            "{n}": number(self.count),
            "{most}": number(self.most),
            "{spent}": amount(self.spent),
            "{total}": amount(self.total),
            "{left}": amount(self.left),
            "{more}": amount(self.spent - self.total),
        }


def figures_of(choices: Choices, round_: Round, costs: Mapping[str, int | None], currency: str) -> Figures:
    kind = kind_of(round_)
    most = round_.max_choices or 0 if kind not in {Kind.POINTS, Kind.GRADE, Kind.PAIR} else 0
    given = Choices({key: value for key, value in choices.marks.items() if value > 0}, choices.pairs)
    if kind == BASKET:
        cost = sum(costs.get(key) or 0 for key in given.marks)
        return Figures(given.count, most, cost, round_.budget or 0, currency)
    if kind == Kind.POINTS:
        return Figures(given.count, most, spent(given, round_.method), round_.points or 0, None)
    return Figures(given.count, most, 0, 0, None)


def sentences_of(round_: Round) -> dict[str, str]:
    """The state of a ballot with `{n}`, `{most}`, `{spent}`, `{total}`, `{left}`, `{more}`: `none`, `one`, `many`, `over`, `overspent`."""
    over = _("You chose {n}, and at most {most} may be chosen. Take some away.")
    match kind_of(round_):
        case "basket":
            many = _("Your basket costs {spent} of {total}; {left} are left.")
            told = {"none": _("Your basket is empty; there are {total} to spend."), "one": many, "many": many}
            more = _("Your basket costs {spent}, {more} more than there is. Take something out.")
            return {**told, "over": over, "overspent": more}
        case Kind.POINTS:
            return {**_spending(round_), "over": over}
        case Kind.SCORE:
            none, one, many = (
                _("You give no points yet."),
                _("You give points to {n} proposal."),
                _("You give points to {n} proposals."),
            )
            limited = _("You give points to {n} of up to {most} proposals.")
        case Kind.RANK:
            none, one, many = _("You rank none yet."), _("You rank {n} proposal."), _("You rank {n} proposals.")
            limited = _("You rank {n} of up to {most} proposals.")
        case Kind.GRADE:
            none, one, many = _("You grade none yet."), _("You grade {n} proposal."), _("You grade {n} proposals.")
            limited = many
        case Kind.PAIR:
            none, one, many = _("You compare none yet."), _("You compared {n} pair."), _("You compared {n} pairs.")
            limited = many
        case _:
            none, one, many = (
                _("You support none yet."),
                _("You support {n} proposal."),
                _("You support {n} proposals."),
            )
            limited = _("You support {n} of up to {most} proposals.")
    if round_.max_choices:
        one = many = limited
    return {"none": none, "one": one, "many": many, "over": over, "overspent": over}


def _spending(round_: Round) -> dict[str, str]:
    if round_.method is VotingMethod.QUADRATIC:
        many = _("You have spent {spent} of {total} credits; {left} are left.")
        none = _("All {total} credits are left.")
        more = _("You have spent {spent} of {total} credits: {more} too many. Take some votes away.")
    else:
        many = _("You have given {spent} of {total} dots; {left} are left.")
        none = _("All {total} dots are left.")
        more = _("You have given {spent} of {total} dots: {more} too many. Take some away.")
    return {"none": none, "one": many, "many": many, "overspent": more}


def sentence_of(figures: Figures, sentences: Mapping[str, str]) -> str:
    if figures.too_many:
        said = sentences["over"]
    elif figures.overspent:
        said = sentences["overspent"]
    else:
        said = sentences["none" if not figures.count else "one" if figures.count == 1 else "many"]
    for name, words in figures.words().items():
        said = said.replace(name, words)
    return said


@dataclass(frozen=True)
class Line:
    """What a ballot says of one candidate. `other`: of a comparison, the one that was not preferred; with `why`, neither was."""

    entry: Entry
    beside: str = ""
    other: Entry | None = None
    why: str = ""


def lines_of(choices: Choices, round_: Round, entries: Sequence[Entry], currency: str) -> list[Line]:
    """What the ballot says, best first; comparisons in the order in which they were made, undecided ones by number."""
    by_key = {entry.key: entry for entry in entries}
    kind = kind_of(round_)
    if kind == Kind.PAIR:
        said = [*((pair, "") for pair in choices.pairs), *((pair, str(WHYS[why])) for pair, why in choices.passed)]
        asked = [(by_key.get(one), by_key.get(other), why) for (one, other), why in said]
        lines = [Line(one, "", other, why) for one, other, why in asked if one and other]
        return [_by_number(line) if line.why else line for line in lines]
    named = [entry for entry in entries if choices.of(entry.key)]
    upwards = kind in {Kind.RANK, Kind.GRADE}
    named.sort(key=lambda entry: choices.of(entry.key) if upwards else -choices.of(entry.key))
    return [Line(entry, _beside(choices.of(entry.key), entry, round_, currency)) for entry in named]


def _by_number(line: Line) -> Line:
    """Of two that could not be decided neither comes first; the ids that order them in the ballot are random."""
    one, other = sorted((line.entry, line.other or line.entry), key=lambda entry: entry.proposal.number or 0)
    return replace(line, entry=one, other=other)


def _beside(value: int, entry: Entry, round_: Round, currency: str) -> str:
    match kind_of(round_):
        case Kind.SCORE:
            return ngettext("%(num)d point", "%(num)d points", value)
        case Kind.RANK:
            return _("place %(place)s", place=number(value))
        case Kind.GRADE:
            words = grade_words(round_)
            return words[value - 1] if value <= len(words) else ""
        case Kind.POINTS if round_.method is VotingMethod.QUADRATIC:
            votes = ngettext("%(num)d vote", "%(num)d votes", value)
            return ngettext("%(votes)s for %(num)d credit", "%(votes)s for %(num)d credits", value * value, votes=votes)
        case Kind.POINTS:
            return ngettext("%(num)d dot", "%(num)d dots", value)
        case "basket" if entry.proposal.cost is not None:
            return money(entry.proposal.cost, currency)
        case _:
            return ""
