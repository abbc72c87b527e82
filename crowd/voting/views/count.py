"""What a count says on the page of its round: who won, why this one and not that one, pictures, and what was set aside.

Figures of single candidates are made only for those who may see them; whoever is hidden, or not public, is a number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from flask import request, url_for

from crowd.calls.models import Call
from crowd.core.exact import rounded
from crowd.core.tally.explain import Counted, counted_of, first_pair, why, with_excluded
from crowd.core.tally.explain.duels import has_duels, preferences
from crowd.rounds.models import CallRound
from crowd.rounds.queries import Entry, candidates_of
from crowd.store.db import db
from crowd.voting.actions.sealing import tie_seed
from crowd.voting.queries import StoredTally
from crowd.voting.views.undecided import Doubted, doubted
from crowd.web.access import Found
from crowd.web.counts import (
    Cell,
    Picture,
    Table,
    Teller,
    elects,
    is_settled_by_seed,
    measures,
    paragraph,
    pictures,
    rule_words,
    tie_words,
    won_words,
)
from crowd.web.counts.picture import named
from crowd.web.counts.teller import figure
from crowd.web.text import _, ngettext


@dataclass(frozen=True)
class Compared:
    """Two proposals and what sets them apart. `options`: every candidate of the count, in its order."""

    pair: tuple[str, str]
    options: Sequence[tuple[str, str]]
    answer: Sequence[str]
    same: bool


@dataclass(frozen=True)
class Aside:
    """The count with the ballots that were set aside, beside the one that holds."""

    words: str
    table: Table


@dataclass(frozen=True)
class CountPage:
    """`shown`: figures of single candidates are in it. `measure`: what the method compares by, with each one's number."""

    rules: Sequence[str]
    shown: bool
    elects: bool = False
    elected: Sequence[Cell] = ()
    fallen: Sequence[str] = ()
    ties: Sequence[str] = ()
    seed: str | None = None
    compared: Compared | None = None
    pictures: Sequence[Picture] = ()
    measure: tuple[str, Mapping[str, str]] | None = None
    elected_ids: frozenset[str] = field(default_factory=frozenset)
    aside: Aside | None = None
    doubted: Doubted | None = None
    has_duels: bool = False


def count_page(
    call: Found[Call], round_: Found[CallRound], tally: StoredTally | None, entries: Sequence[Entry], *, shows: bool
) -> CountPage | None:
    """None without a count that says more than totals."""
    counted = counted_of(tally.tally, round_.facts.round) if tally else None
    if counted is None or tally is None:
        return None
    teller = Teller(counted, {}, call.facts.rules.currency, elects=_elects(call, round_))
    if not shows:
        return CountPage(rule_words(teller), shown=False)
    teller = replace(teller, names=_names(round_.row, entries), links=_links(entries))
    return replace(_page(teller, round_.row), doubted=doubted(teller, tally.tally.undecided))


def duel_rows(
    round_: Found[CallRound], tally: StoredTally | None, entries: Sequence[Entry]
) -> tuple[list[str], list[dict[str, Any]]] | None:
    """Every candidate against every other, in the order of the count: columns, and rows by column. None where the rule knows no duels."""
    counted = counted_of(tally.tally, round_.facts.round) if tally else None
    if counted is None or not has_duels(counted):
        return None
    names, order = _names(round_.row, entries), counted.order
    rows: list[dict[str, Any]] = [
        {"id": name, "title": names[name], **{other: _plain(votes) for other, votes in against.items()}}
        for name, against in preferences(counted, order).items()
    ]
    return ["id", "title", *order], rows


def _plain(votes: Fraction) -> int | str:
    """Ballots, or percent where groups are weighed."""
    return int(votes) if votes.denominator == 1 else rounded(votes, 6)


def _elects(call: Found[Call], round_: Found[CallRound]) -> bool:
    return elects(round_.facts.round, call.facts.rules.selection.count)


def _page(teller: Teller, row: CallRound) -> CountPage:
    counted = teller.counted
    seed = tie_seed(db.session(), row) if is_settled_by_seed(teller) else None
    return CountPage(
        rules=rule_words(teller),
        shown=True,
        elects=teller.elects,
        elected=[named(teller, name) for name in counted.elected] if teller.elects else (),
        fallen=won_words(teller),
        ties=tie_words(teller),
        seed=seed.hex() if seed else None,
        compared=_compared(teller),
        pictures=pictures(teller),
        measure=measures(teller) if counted.rounds else None,
        elected_ids=frozenset(counted.elected) if teller.elects else frozenset(),
        aside=_aside(teller),
        has_duels=has_duels(counted),
    )


def _names(row: CallRound, entries: Sequence[Entry]) -> dict[str, str]:
    """Titles of those the reader may see; the others by number."""
    names = {
        candidate.proposal.public_id: _("Number %(number)s", number=candidate.proposal.number)
        for candidate in candidates_of(db.session(), row.id)
    }
    return names | {entry.key: entry.title for entry in entries if not entry.hidden}


def _links(entries: Sequence[Entry]) -> dict[str, str]:
    return {entry.key: url_for("pages.proposal", public_id=entry.key) for entry in entries}


def _compared(teller: Teller) -> Compared | None:
    """The pair asked for in the address, else the last who won and the first who did not."""
    usual = first_pair(teller.counted)
    if usual is None:
        return None
    asked = tuple(request.args.get(name, "") for name in ("a", "b"))
    known = all(name in teller.counted.ranks for name in asked)
    one, other = asked if known else usual
    same = one == other
    return Compared(
        pair=(one, other),
        options=[(name, teller.name(name)) for name in teller.counted.order],
        answer=[] if same else paragraph(teller, why(teller.counted, one, other)),
        same=same,
    )


def _aside(teller: Teller) -> Aside | None:
    counted = teller.counted
    every = with_excluded(counted)
    if every is None:
        return None
    set_aside = every.ballots - counted.ballots
    changes = every.elected != counted.elected if teller.elects else every.ranking != counted.ranking
    words = ngettext(
        "%(num)s ballot was set aside, with a reason on the record.",
        "%(num)s ballots were set aside, with a reason on the record.",
        set_aside,
    )
    told = _("With them the outcome would be another.") if changes else _("With them the outcome would be the same.")
    return Aside(f"{words} {told}", _both(teller, every))


def _both(teller: Teller, every: Counted) -> Table:
    """Ranks and ballots of each candidate, without and with what was set aside."""
    counted = teller.counted
    columns = (_("Rank"), _("Ballots"), _("Rank with them"), _("Ballots with them"))
    rows = tuple(
        (
            named(teller, name),
            (
                figure(counted.ranks[name]),
                teller.bare(counted.named[name]),
                figure(every.ranks[name]),
                teller.bare(every.named[name]),
            ),
        )
        for name in counted.order
    )
    return Table(
        _("The count without the ballots set aside, and with them"),
        ((_("Proposal"), False), *((label, True) for label in columns)),
        rows,
    )
