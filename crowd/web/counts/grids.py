"""Who beats whom as a grid, and a budget as one bar that fills."""

from fractions import Fraction

from crowd.core.tally.explain.figures import Fill, Matrix, Turn
from crowd.web.counts.picture import MOST, WIDTH, Part, Picture, Row, Table, at, beyond, leading, named
from crowd.web.counts.teller import Teller, figure
from crowd.web.text import _, _l, ngettext

MARGIN = 26
LARGEST = 56
NUMBERED = 48
"""So wide must a cell be to hold votes."""
WINS, LEVEL, LOSES = 0, 1, 2
PURSE = 40
WHY = {
    "taken": _l("paid for"),
    "no_money": _l("did not fit"),
    "cap": _l("did not fit into its part"),
    "stopped": _l("after the first that did not fit"),
    "threshold": _l("too few votes"),
}


def matrix(teller: Teller, found: Matrix) -> Picture:
    shown, more = leading(tuple(found.votes))
    side = min(LARGEST, (WIDTH - MARGIN) / max(1, len(shown)))
    rows = tuple(
        Row(
            y=round(MARGIN + side * place, 2),
            name=figure(place + 1),
            text=_beaten(teller, found, name),
            marked=teller.marks(name),
            parts=tuple(
                _cell(teller, found, name, other, MARGIN + side * number, side)
                for number, other in enumerate(shown)
                if other != name
            ),
        )
        for place, name in enumerate(shown)
    )
    told = "; ".join(f"{row.name} {teller.name(name)}: {row.text}" for row, name in zip(rows, shown, strict=True))
    return Picture(
        kind="matrix",
        title=_("Who beats whom"),
        description=f"{told}.",
        height=round(MARGIN + side * len(rows), 2),
        rows=rows,
        table=_duels(teller, found),
        more=more,
        steps=(_("the row beats the column"), _("level"), _("the row loses")),
        numbers=tuple(f"{row.name} {teller.name(name)}" for row, name in zip(rows, shown, strict=True)),
    )


def _beaten(teller: Teller, found: Matrix, name: str) -> str:
    won = sum(votes > found.votes[other][name] for other, votes in found.votes[name].items())
    return ngettext("beats %(num)s of %(others)s", "beats %(num)s of %(others)s", won, others=len(found.votes[name]))


def _cell(teller: Teller, found: Matrix, name: str, other: str, x: float, side: float) -> Part:
    votes, against = found.votes[name][other], found.votes[other][name]
    step = WINS if votes > against else LOSES if votes < against else LEVEL
    text = teller.bare(votes) if side >= NUMBERED else ""
    return Part(round(x, 2), round(side, 2), step, text)


def _duels(teller: Teller, found: Matrix) -> Table:
    order = tuple(found.votes)
    columns = ((_("Proposal"), False), *((figure(place), True) for place in range(1, len(order) + 1)))
    caption = _(
        "How many ballots put the row before the column; ✓ where that wins the duel. Columns are numbered as the rows."
    )
    return Table(
        caption + beyond(len(teller.counted.order), len(order)),
        columns,
        tuple(
            (
                named(teller, name),
                tuple("–" if other == name else _duel(teller, found, name, other) for other in order),
            )
            for name in order
        ),
    )


def _duel(teller: Teller, found: Matrix, name: str, other: str) -> str:
    votes = found.votes[name][other]
    return f"{teller.bare(votes)} ✓" if votes > found.votes[other][name] else teller.bare(votes)


def fill(teller: Teller, found: Fill) -> Picture:
    bought = [turn for turn in found.turns if turn.taken]
    spent, parts = Fraction(0), []
    for number, turn in enumerate(bought, start=1):
        width, text = at(turn.cost, found.budget), figure(number)
        parts.append(Part(at(spent, found.budget), width, number % 2, text if width >= 9 * len(text) + 4 else ""))
        spent += turn.cost
    left = found.budget - spent
    words = _(
        "%(spent)s of %(budget)s are spent, %(left)s are left.",
        spent=teller.money(spent),
        budget=teller.money(found.budget),
        left=teller.money(left),
    )
    numbers = tuple(
        f"{figure(number)} {teller.name(turn.candidate)}: {teller.money(turn.cost)}"
        for number, turn in enumerate(bought[:MOST], start=1)
    )
    return Picture(
        kind="fill",
        title=_("What the budget pays for"),
        description=f"{words} {'; '.join(numbers)}",
        height=PURSE,
        rows=(Row(0, "", words, parts=tuple(parts)),),
        table=_turns(teller, found),
        line_words=words,
        numbers=numbers,
    )


def _turns(teller: Teller, found: Fill) -> Table:
    shared = any(turn.full_payment is not None for turn in found.turns)
    labels = [_("Cost"), _("Votes"), _("Left after it"), *([_("Each supporter paid")] if shared else [])]
    columns = ((_("In their turn"), False), *((label, True) for label in labels), (_("Paid for?"), False))
    return Table(
        _("Each in its turn"),
        columns,
        tuple((named(teller, t.candidate), _turn(teller, t, shared)) for t in found.turns),
    )


def _turn(teller: Teller, turn: Turn, shared: bool) -> tuple[str, ...]:  # noqa: FBT001
    paid = teller.money(turn.full_payment) if turn.full_payment is not None else "–"
    by = _("paid for by its supporters") if turn.shared else str(WHY[turn.because])
    return (
        teller.money(turn.cost),
        figure(turn.votes),
        teller.money(turn.left),
        *([paid] if shared else []),
        by,
    )
