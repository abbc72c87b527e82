"""Bars, stacked bars and intervals: one row for each candidate, its name above."""

from collections.abc import Sequence
from fractions import Fraction

from crowd.core.tally.explain.figures import Bars, Intervals, Stacked
from crowd.web.counts.picture import WIDTH, Part, Picture, Row, Table, at, cut, leading, named
from crowd.web.counts.teller import Teller, figure, signed
from crowd.web.text import _

ROW = 46
BAR = 14
FITS = 30
"""So wide must a part be to hold its number."""


def bars(teller: Teller, found: Bars) -> Picture:
    shown, more = leading(tuple(found.values))
    runoff = found.what == "runoff"
    most = max(found.values.values(), default=Fraction(0))
    most = max(most, sum(found.values.values(), Fraction(0))) if runoff else most
    rows = tuple(
        _row(teller, place, name, teller.of(found.what, found.values[name]), (Part(0, at(found.values[name], most)),))
        for place, name in enumerate(shown)
    )
    title = _("Runoff %(round)s", round=found.round) if runoff else _title(found.what)
    return Picture(
        kind="bars",
        title=title,
        description=_spoken(rows, more),
        height=ROW * len(rows),
        rows=rows,
        table=_two_columns(teller, found, title) if runoff else None,
        more=more,
    )


def _title(what: str) -> str:
    return {"votes": _("Votes"), "points": _("Points"), "dots": _("Dots")}[what]


def _two_columns(teller: Teller, found: Bars, title: str) -> Table:
    rows = tuple((named(teller, name), (teller.bare(value),)) for name, value in found.values.items())
    return Table(title, ((_("Proposal"), False), (_("Preferred by"), True)), rows)


def _row(teller: Teller, place: int, name: str, text: str, parts: tuple[Part, ...]) -> Row:
    won = teller.marks(name)
    return Row(ROW * place, cut(teller.name(name), text + "✓ " * won), text, won, parts)


def _spoken(rows: Sequence[Row], more: int) -> str:
    """The picture in a sentence."""
    told = "; ".join(f"{row.name}: {row.text}" for row in rows)
    return f"{told}." if not more else _("%(told)s; and %(num)s more in the table.", told=told, num=more)


def stacked(teller: Teller, found: Stacked) -> Picture:
    shown, more = leading(tuple(found.parts))
    rows = tuple(
        _row(teller, place, name, _middle(teller, found, name), _parts(teller, found.parts[name]))
        for place, name in enumerate(shown)
    )
    title = _("Points by ballot") if found.points else _("Grades")
    words = tuple(teller.points(int(word)) if found.points else teller.grade(word) for word in found.words)
    return Picture(
        kind="stacked",
        title=title,
        description=_spoken(rows, more),
        height=ROW * len(rows),
        rows=rows,
        table=Table(
            _("How many ballots gave what"),
            ((_("Proposal"), False), *((word, True) for word in words)),
            tuple(
                (named(teller, name), tuple(teller.bare(part) for part in parts)) for name, parts in found.parts.items()
            ),
        ),
        more=more,
        steps=words,
        line=None if found.points else WIDTH / 2,
        line_words="" if found.points else _("The line is the middle: what lies on it is the middle grade."),
    )


def _middle(teller: Teller, found: Stacked, name: str) -> str:
    """Beside the name: the mean of points, or the middle grade."""
    parts = found.parts[name]
    total = sum(parts, Fraction(0))
    if not total:
        return ""
    if found.points:
        mean = sum((part * int(word) for part, word in zip(parts, found.words, strict=True)), Fraction(0)) / total
        return _("mean %(mean)s", mean=figure(mean))
    grades: dict[str, str] = teller.counted.first["majority_grades"]
    return teller.grade(grades[name])


def _parts(teller: Teller, parts: Sequence[Fraction]) -> tuple[Part, ...]:
    total, before, found = sum(parts, Fraction(0)), Fraction(0), []
    for step, part in enumerate(parts):
        if part:
            width, text = at(part, total), teller.rough(part)
            found.append(Part(at(before, total), width, step, text if width >= max(FITS, 10 * len(text)) else ""))
        before += part
    return tuple(found)


def intervals(teller: Teller, found: Intervals) -> Picture:
    shown, more = leading(tuple(found.estimates))
    low = min(found.estimates[name] - found.spread[name] for name in shown)
    high = max(found.estimates[name] + found.spread[name] for name in shown)
    low, high = min(low, Fraction(0)), max(high, Fraction(0))

    def x(value: Fraction) -> float:
        return round(8 + float((value - low) / (high - low)) * (WIDTH - 16), 2)

    rows = tuple(
        Row(
            y=ROW * place,
            name=cut(teller.name(name), text := _interval(found, name)),
            text=text,
            marked=teller.marks(name),
            low=x(found.estimates[name] - found.spread[name]),
            high=x(found.estimates[name] + found.spread[name]),
            at=x(found.estimates[name]),
        )
        for place, name in enumerate(shown)
    )
    return Picture(
        kind="intervals",
        title=_("Estimates, with two standard errors on either side"),
        description=_spoken(rows, more),
        height=ROW * len(rows),
        rows=rows,
        table=_estimates(teller, found),
        more=more,
        line=x(Fraction(0)),
        line_words=_(
            "The line is 0, where a proposal stands that wins as often as it loses. Where bars overlap much, the order is not sure."
        ),
    )


def _interval(found: Intervals, name: str) -> str:
    return f"{signed(found.estimates[name])} ± {figure(found.spread[name])}"


def _estimates(teller: Teller, found: Intervals) -> Table:
    won, lost = teller.counted.first["won"], teller.counted.first["lost"]
    columns = (_("Estimate"), _("From"), _("To"), _("Preferred"), _("Not preferred"))
    rows = tuple(
        (
            named(teller, name),
            (
                signed(value),
                signed(value - found.spread[name]),
                signed(value + found.spread[name]),
                figure(won[name]),
                figure(lost[name]),
            ),
        )
        for name, value in found.estimates.items()
    )
    return Table(_("Estimates and comparisons"), ((_("Proposal"), False), *((label, True) for label in columns)), rows)
