"""Sentences on a budget: what fitted, what did not, and what was left."""

from collections.abc import Callable, Mapping

from crowd.core.tally.explain import Said
from crowd.web.counts.teller import Teller, figure
from crowd.web.text import _

Sentence = Callable[[Teller, Said], str]


def _votes(teller: Teller, said: Said) -> str:
    return _(
        "“%(first)s” has %(more)s, “%(second)s” has %(fewer)s.",
        first=teller.name(said.first),
        second=teller.name(said.second),
        more=teller.votes(said.values["first_votes"]),
        fewer=teller.votes(said.values["second_votes"]),
    )


def _no_money(teller: Teller, said: Said) -> str:
    short = _(
        "“%(second)s” costs %(cost)s, and at its turn only %(left)s were left.",
        second=teller.name(said.second),
        cost=teller.money(said.values["cost"]),
        left=teller.money(said.values["left"]),
    )
    return f"{_votes(teller, said)} {short}"


def _stopped(teller: Teller, said: Said) -> str:
    stopped = _(
        "Before the turn of “%(second)s” came a project that did not fit, and by the rules the count stops there.",
        second=teller.name(said.second),
    )
    return f"{_votes(teller, said)} {stopped}"


def _cap(teller: Teller, said: Said) -> str:
    full = _(
        "“%(second)s” costs %(cost)s, more than was left of what its part of town may take.",
        second=teller.name(said.second),
        cost=teller.money(said.values["cost"]),
    )
    return f"{_votes(teller, said)} {full}"


def _too_few(teller: Teller, said: Said) -> str:
    few = _("“%(second)s” has fewer votes than the rules ask for.", second=teller.name(said.second))
    return f"{_votes(teller, said)} {few}"


def _poor_supporters(teller: Teller, said: Said) -> str:
    return " ".join(part for part in (_paid(teller, said), _short(teller, said)) if part)


def _paid(teller: Teller, said: Said) -> str:
    """How the one that was bought was paid for."""
    values = said.values
    if values["paid"] is None:
        return _(
            "What the shares left over was spent by votes, and “%(first)s” (%(votes)s) still fitted.",
            first=teller.name(said.first),
            votes=teller.votes(values["first_votes"]),
        )
    named = {"first": teller.name(said.first), "paid": teller.money(values["paid"]), "payers": figure(values["payers"])}
    if values["payers"] == values["first_votes"]:
        return _("“%(first)s” was paid for by its supporters, %(paid)s by each of %(payers)s.", **named)
    return _(
        "“%(first)s” was paid for by its supporters: %(paid)s by each of %(payers)s, and by the others all they had left.",
        **named,
    )


def _short(teller: Teller, said: Said) -> str:
    values, second = said.values, teller.name(said.second)
    if values["each"] is None:
        return _("Nobody supports “%(second)s”.", second=second)
    return _(
        "“%(second)s” costs %(cost)s, at least %(each)s for each of %(supporters)s; each began with %(start)s, and of that all of them "
        "together had only %(had)s left. Of the whole budget %(left)s remained at its turn, which is less than it costs.",
        second=second,
        cost=teller.money(values["cost"]),
        each=teller.money(values["each"]),
        supporters=teller.voters(values["second_votes"]),
        start=teller.money(values["start"]),
        had=teller.money(values["had"]),
        left=teller.money(values["left"]),
    )


def _both_bought(teller: Teller, said: Said) -> str:
    bought = _(
        "The budget pays for both: “%(first)s” in step %(one)s, “%(second)s” in step %(other)s.",
        first=teller.name(said.first),
        second=teller.name(said.second),
        one=figure(said.values["first_at"]),
        other=figure(said.values["second_at"]),
    )
    return f"{_votes(teller, said)} {bought}"


def _neither_bought(teller: Teller, said: Said) -> str:
    return f"{_votes(teller, said)} " + _("The budget pays for neither.")


SENTENCES: Mapping[str, Sentence] = {
    "no_money": _no_money,
    "stopped": _stopped,
    "cap": _cap,
    "too_few": _too_few,
    "poor_supporters": _poor_supporters,
    "both_bought": _both_bought,
    "neither_bought": _neither_bought,
}
