"""Pairs that voters could not decide between, in numbers and words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crowd.core.tally.choices import Why
from crowd.core.tally.result import Undecided
from crowd.web.counts import Cell, Table, Teller
from crowd.web.counts.teller import figure
from crowd.web.text import _, ngettext

MOST = 12
"""Pairs in the table; the data of the count hold more."""


@dataclass(frozen=True)
class Doubted:
    words: str
    table: Table


def doubted(teller: Teller, undecided: Sequence[Undecided]) -> Doubted | None:
    """None where everybody could decide between all they were shown."""
    if not undecided:
        return None
    columns = (_("Could not decide"), _("Equally good"), _("Too little known"), _("Not to be compared"))
    rows = tuple(
        (
            Cell(" · ".join(teller.name(each) for each in _in_order(teller, one))),
            (figure(one.ballots), *(figure(one.whys.get(why, 0)) for why in Why)),
        )
        for one in undecided[:MOST]
    )
    table = Table(
        _("Pairs that voters could not decide between"),
        ((_("Pair"), False), *((label, True) for label in columns)),
        rows,
    )
    return Doubted(_sentence(teller, undecided[0]), table)


def _sentence(teller: Teller, most: Undecided) -> str:
    told = ngettext(
        "%(num)s voter could not decide between %(pair)s: %(reasons)s.",
        "%(num)s voters could not decide between %(pair)s: %(reasons)s.",
        most.ballots,
        pair=teller.list(_in_order(teller, most)),
        reasons=", ".join(_reasons(most.whys)),
    )
    return f"{told} " + _("Such answers count for neither.")


def _in_order(teller: Teller, one: Undecided) -> tuple[str, ...]:
    """The two as the count ranks them."""
    return tuple(sorted(one.pair, key=teller.counted.order.index))


def _reasons(whys: Mapping[str, int]) -> list[str]:
    equal, unknown, unlike = (whys.get(why, 0) for why in Why)
    words = {
        ngettext("%(num)s finds both equally good", "%(num)s find both equally good", equal): equal,
        ngettext("%(num)s knows too little about them", "%(num)s know too little about them", unknown): unknown,
        ngettext("%(num)s says they cannot be compared", "%(num)s say they cannot be compared", unlike): unlike,
    }
    return [said for said, number in sorted(words.items(), key=lambda word: -word[1]) if number]
