"""Votes round by round: what each candidate held, what moved, who was elected and who went out."""

from fractions import Fraction

from crowd.core.tally.explain.figures import MOST, Flow, Stage
from crowd.web.counts.picture import WIDTH, Cell, Part, Picture, Row, Table, at, beyond, cut, leading, named
from crowd.web.counts.teller import Teller, figure, signed
from crowd.web.text import _

ROW = 78
TALL = 46
TOP = 22
WIDEST = 44


def flow(teller: Teller, found: Flow) -> Picture:
    shown, more = leading(teller.counted.order[:MOST])
    most = max((held for stage in found.stages for held in stage.votes.values()), default=Fraction(0))
    most = max(most, found.quota or Fraction(0))
    wide = min(WIDEST, WIDTH / len(found.stages))
    rows = tuple(_row(teller, found, place, name, most, wide) for place, name in enumerate(shown))
    return Picture(
        kind="rounds",
        title=_("Votes round by round"),
        description=_("%(num)s rounds, from left to right.", num=len(found.stages))
        + " "
        + "; ".join(f"{row.name}: {row.text}" for row in rows)
        + ".",
        height=ROW * len(rows),
        rows=rows,
        table=_table(teller, found),
        more=more,
        line=None if found.quota is None else TOP + TALL - at(found.quota, most, TALL),
        line_words=""
        if found.quota is None
        else _("The dashed line is the quota, %(quota)s.", quota=figure(found.quota)),
        story=tuple(
            _told(teller, stage, first=stage is found.stages[0], quota=found.quota) for stage in found.stages[-MOST:]
        ),
    )


def _row(teller: Teller, found: Flow, place: int, name: str, most: Fraction, wide: float) -> Row:
    parts = tuple(
        Part(
            x=round(wide * number, 2),
            width=round(wide * 0.86, 2),
            height=at(stage.votes[name], most, TALL),
            y=round(TOP + TALL - at(stage.votes[name], most, TALL), 2),
        )
        for number, stage in enumerate(found.stages)
        if name in stage.votes
    )
    text = _fate(teller, found, name)
    return Row(ROW * place, cut(teller.name(name), text), text, teller.marks(name), parts)


def _fate(teller: Teller, found: Flow, name: str) -> str:
    for stage in found.stages:
        if name in stage.elected and found.quota is not None:
            return _("elected, round %(round)s", round=stage.number)
        if name in stage.out:
            return _("out, round %(round)s", round=stage.number)
    held = found.stages[-1].votes.get(name, Fraction(0))
    return teller.votes(held)


def _table(teller: Teller, found: Flow) -> Table:
    stages, order = found.stages[-MOST:], teller.counted.order[:MOST]
    columns = ((_("Proposal"), False), *((_("Round %(round)s", round=stage.number), True) for stage in stages))
    rows = [(named(teller, name), tuple(_held(teller, stage, name) for stage in stages)) for name in order]
    nobody = tuple(teller.bare(stage.nobody) for stage in stages)
    return Table(
        _("Votes after each round, and what was gained or lost in it") + beyond(len(teller.counted.order), len(order)),
        columns,
        (*rows, (Cell(_("Counts for nobody any more")), nobody)),
    )


def _held(teller: Teller, stage: Stage, name: str) -> str:
    change = stage.moved.get(name)
    held = teller.bare(stage.votes[name]) if name in stage.votes else "–"
    return f"{held} ({signed(change)})" if change else held


def _told(teller: Teller, stage: Stage, *, first: bool, quota: Fraction | None) -> str:
    """A round in words."""
    words = [_("First preferences are counted.")] if first else []
    if stage.surplus and stage.source and quota is not None:
        moved = -stage.moved.get(stage.source, Fraction(0))
        words.append(
            _(
                "What “%(name)s” holds beyond the quota, %(votes)s, passes on.",
                name=teller.name(stage.source),
                votes=teller.votes(moved),
            )
        )
    words += [_("“%(name)s” goes out and its ballots pass on.", name=teller.name(name)) for name in stage.out]
    if stage.elected:
        words.append(_("Elected: %(names)s.", names=teller.list(stage.elected)))
    return " ".join(words)
