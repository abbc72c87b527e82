"""Names and amounts of one count in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from flask_babel import format_decimal

from crowd.core.exact import rounded
from crowd.core.rules import CountRule, Electorate, Round, VotingMethod
from crowd.core.tally.explain import Counted
from crowd.web.grades import grade_word
from crowd.web.text import _, ngettext

NO_BREAK = "\u00a0"
PLACES = 2
MANY = 5
LONGEST = 48


@dataclass(frozen=True)
class Teller:
    """`names`: of every candidate, such as this reader may see it. `links`: of those the reader may look at.

    `elects`: the vote elects somebody; else it ranks, and nobody is called a winner.
    """

    counted: Counted
    names: Mapping[str, str]
    currency: str = ""
    links: Mapping[str, str] | None = None
    elects: bool = True
    longest: int | None = None

    def name(self, candidate: str) -> str:
        name = self.names[candidate]
        return name if self.longest is None or len(name) <= self.longest else f"{name[: self.longest - 1].rstrip()}…"

    @cached_property
    def brief(self) -> "Teller":
        """For sentences that follow one with the full names."""
        return replace(self, longest=LONGEST)

    def marks(self, candidate: str) -> bool:
        """Drawn as elected."""
        return self.elects and candidate in self.counted.elected

    def list(self, candidates: tuple[str, ...]) -> str:
        """`“A”, “B” and “C”`; of very many the first."""
        quoted = [_("“%(name)s”", name=self.name(each)) for each in candidates]
        if len(quoted) > MANY:
            rest = len(quoted) - MANY + 1
            others = ngettext("%(num)s other", "%(num)s others", rest)
            return _("%(some)s and %(last)s", some=", ".join(quoted[: MANY - 1]), last=others)
        if len(quoted) < 2:
            return "".join(quoted)
        return _("%(some)s and %(last)s", some=", ".join(quoted[:-1]), last=quoted[-1])

    @cached_property
    def weighed(self) -> bool:
        return self.counted.weighed

    def votes(self, value: Fraction | int) -> str:
        """`34 votes`, or `34.5 %` where groups of voters are weighed."""
        return self._percent(value) if self.weighed else counted_words("votes", value)

    def ballots(self, value: Fraction | int) -> str:
        return self._percent(value) if self.weighed else counted_words("ballots", value)

    def voters(self, value: Fraction | int) -> str:
        return self._percent(value) if self.weighed else counted_words("voters", value)

    def grade(self, word: str) -> str:
        return grade_word(word, self.counted.round)

    def points(self, value: Fraction | int) -> str:
        return counted_words("points", value)

    def given(self, value: Fraction | int) -> str:
        """What a ballot of points gives: dots, or votes that were bought."""
        dots = self.counted.method == VotingMethod.CUMULATIVE
        return counted_words("dots" if dots else "bought", value)

    def of(self, what: str, value: Fraction | int) -> str:
        """An amount of what a figure shows."""
        match what:
            case "points":
                return self.points(value)
            case "dots":
                return self.given(value)
            case "votes" if self.counted.method == VotingMethod.QUADRATIC:
                return self.given(value)
            case "votes":
                return self.votes(value)
            case _:
                return self.ballots(value)

    def bare(self, value: Fraction | int) -> str:
        """The same without its noun, for tables and plots."""
        return self._percent(value) if self.weighed else figure(value)

    def rough(self, value: Fraction | int) -> str:
        """The same in few signs, for pictures."""
        return _("%(share)s %%", share=figure(round(value))) if self.weighed else figure(value)

    def money(self, value: Fraction | int) -> str:
        return f"{figure(value)}{NO_BREAK}{self.currency}" if self.currency else figure(value)

    def _percent(self, value: Fraction | int) -> str:
        return _("%(share)s %%", share=figure(value))


def figure(value: Fraction | int, places: int = PLACES) -> str:
    """For the eye: whole numbers whole, others to two places, in the reader's digits."""
    exactly = Fraction(value)
    if exactly.denominator == 1:
        return format_decimal(int(exactly))
    pattern = "#,##0." + "#" * places
    return format_decimal(Decimal(rounded(exactly, places)), pattern)


def signed(value: Fraction | int) -> str:
    """`+3`, `−2`."""
    return f"+{figure(value)}" if value > 0 else f"\N{MINUS SIGN}{figure(-value)}" if value < 0 else figure(value)


def counted_words(what: str, value: Fraction | int) -> str:
    """A number with its noun. A fraction is many."""
    exactly = Fraction(value)
    many = int(exactly) if exactly.denominator == 1 else 2
    texts = {
        "votes": ngettext("%(amount)s vote", "%(amount)s votes", many, amount=figure(exactly)),
        "ballots": ngettext("%(amount)s ballot", "%(amount)s ballots", many, amount=figure(exactly)),
        "voters": ngettext("%(amount)s voter", "%(amount)s voters", many, amount=figure(exactly)),
        "points": ngettext("%(amount)s point", "%(amount)s points", many, amount=figure(exactly)),
        "dots": ngettext("%(amount)s dot", "%(amount)s dots", many, amount=figure(exactly)),
        "bought": ngettext("%(amount)s bought vote", "%(amount)s bought votes", many, amount=figure(exactly)),
    }
    return texts[what]


RANKING = frozenset({"approval", "score", "cumulative", "quadratic"})
"""Methods that are also used just to rank."""


def elects(round_: Round, rule: CountRule) -> bool:
    """Whether anybody is elected by this vote: its rules say how many, or how many must vote, or its method is about nothing else.

    A vote held elsewhere whose rule is not followed here elects nobody here.
    """
    if round_.electorate is Electorate.ROLL and rule is CountRule.NONE:
        return False
    asked = (round_.seats, round_.quorum, round_.threshold)
    return rule is CountRule.ELECTED or any(asked) or round_.method.value not in RANKING
