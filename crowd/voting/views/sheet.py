"""The sheet of a ballot as it is drawn: a row for each candidate with what it holds, what is wrong, what more would cost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from crowd.core.rules import Round, VotingMethod
from crowd.core.tally.ballots import BallotFault
from crowd.core.tally.choices import KIND_OF, TIES_ALLOWED, Why
from crowd.core.tally.drafting import Draft, cost_of_next, next_pair
from crowd.core.tally.profile import Kind
from crowd.rounds.queries import Entry
from crowd.voting.actions.exposure import FIRST
from crowd.voting.forms import PREFIXES, SENTENCES, hidden_fields
from crowd.voting.views.booth import Booth
from crowd.voting.views.telling import BASKET, WHYS, Figures, figures_of, kind_of, sentence_of, sentences_of
from crowd.web.grades import grade_words
from crowd.web.templating import money, number
from crowd.web.text import _


@dataclass(frozen=True)
class Row:
    """`typed`: what stands in its field, also when it is no number. `note`: what one more would cost, or why it no longer fits."""

    entry: Entry
    value: int = 0
    typed: str = ""
    error: str = ""
    note: str = ""

    @property
    def key(self) -> str:
        return self.entry.key

    @property
    def open(self) -> bool:
        """Who left is on no ballot; who is hidden only where the ballot names it already."""
        return not self.entry.struck and (not self.entry.hidden or self.value > 0)


@dataclass(frozen=True)
class Asked:
    """Two candidates side by side: the first is better, or `why` the voter could not decide."""

    one: Entry
    other: Entry
    why: str = ""


@dataclass(frozen=True)
class Sheet:
    kind: str
    round: Round
    draft: Draft
    rows: Sequence[Row]
    figures: Figures
    sentences: Mapping[str, str]
    pair: tuple[Entry, Entry] | None = None
    asked: Sequence[Asked] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    whys: Mapping[str, Any] = field(default_factory=lambda: {why.value: words for why, words in WHYS.items()})

    @property
    def state(self) -> str:
        return sentence_of(self.figures, self.sentences)

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The answers so far, of comparisons, in their order; of candidates that are gone none is carried on."""
        listed = {row.key for row in self.rows}
        fields = hidden_fields(self.draft, self.round)
        return [(name, value) for name, value in fields if listed.issuperset(value.split(":")[:2])]

    @property
    def grades(self) -> tuple[str, ...]:
        return grade_words(self.round)

    @property
    def ties(self) -> bool:
        return self.round.method in TIES_ALLOWED

    @property
    def ranked(self) -> list[Row]:
        return sorted((row for row in self.rows if row.value > 0), key=lambda row: row.value)

    @property
    def unranked(self) -> list[Row]:
        return [row for row in self.rows if row.value <= 0]

    @property
    def first(self) -> list[Entry]:
        """What stands first on the ballot, where the eye falls: the pair, or the first few that can be chosen."""
        if self.pair is not None:
            return list(self.pair)
        return [row.entry for row in self.rows if row.open][:FIRST]


def sheet_of(
    booth: Booth, draft: Draft, typed: MultiDict[str, str] | None = None, faults: Iterable[BallotFault] = ()
) -> Sheet:
    """`typed`: the fields as they were posted, where what stands in them is to be shown as it was typed."""
    round_ = booth.round
    figures = figures_of(draft.choices, round_, booth.costs, booth.currency)
    errors = _row_errors(draft, round_, faults)
    rows = [_row(entry, draft, booth, figures, typed, errors) for entry in booth.entries]
    sentences = sentences_of(round_)
    if KIND_OF[round_.method] is not Kind.PAIR:
        return Sheet(kind_of(round_), round_, draft, rows, figures, sentences, notes=notes_of(round_))
    by_key = {entry.key: entry for entry in booth.entries}
    standing = [row.key for row in rows if row.open]
    two = next_pair(standing, draft.choices.pairs, draft.passed_pairs)
    pair = (by_key[two[0]], by_key[two[1]]) if two else None
    return Sheet(kind_of(round_), round_, draft, rows, figures, sentences, pair, list(_asked(draft, by_key)))


def _row(
    entry: Entry,
    draft: Draft,
    booth: Booth,
    figures: Figures,
    typed: MultiDict[str, str] | None,
    errors: Mapping[str, str],
) -> Row:
    value = draft.choices.of(entry.key)
    said = typed.get(PREFIXES.get(KIND_OF[booth.round.method], "") + entry.key) if typed and value < 0 else None
    text = said if said is not None else str(value) if value > 0 else ""
    return Row(entry, value, text, errors.get(entry.key, ""), _note(entry, value, booth, figures))


def _note(entry: Entry, value: int, booth: Booth, figures: Figures) -> str:
    notes, cost = notes_of(booth.round), entry.proposal.cost or 0
    if kind_of(booth.round) == BASKET:
        fits = value or cost <= figures.left
        return (
            ""
            if fits
            else _filled(notes["unfit"], left=_money(figures.left, booth), more=_money(cost - figures.left, booth))
        )
    if not notes or value < 0:
        return ""
    said = notes["none" if not value else "one" if value == 1 else "many"]
    following = cost_of_next(value, booth.round.method)
    return _filled(said, votes=number(value), credits=number(value * value), next=number(following))


def notes_of(round_: Round) -> dict[str, str]:
    """What stands beneath a row, for script as well: what the votes for one cost and one more would, or why it no longer fits."""
    if kind_of(round_) == BASKET:
        return {"unfit": _("Does not fit any more: {left} are left, {more} too little.")}
    if round_.method is not VotingMethod.QUADRATIC:
        return {}
    return {
        "none": _("The first vote costs 1 credit."),
        "one": _("1 vote costs 1 credit; one more costs {next}."),
        "many": _("{votes} votes cost {credits} credits; one more costs {next}."),
    }


def _filled(said: str, **values: str) -> str:
    for name, words in values.items():
        said = said.replace("{" + name + "}", words)
    return said


def _money(amount: int, booth: Booth) -> str:
    return money(amount, booth.currency)


def _asked(draft: Draft, by_key: Mapping[str, Entry]) -> Iterable[Asked]:
    """What was decided and what could not be, the newest first. Of candidates that are gone nothing is drawn."""
    for (one, other), why in reversed([*((pair, "") for pair in draft.choices.pairs), *draft.choices.passed]):
        if one in by_key and other in by_key:
            yield Asked(by_key[one], by_key[other], str(WHYS[Why(why)]) if why else "")


def sentence_of_fault(fault: BallotFault, booth: Booth) -> str:
    """With money where the fault is about money."""

    def amount(value: int | None) -> str:
        return money(value, booth.currency) if fault.code == "over_budget" else number(value)

    return str(SENTENCES[fault.code]) % {"value": amount(fault.value), "limit": amount(fault.limit)}


def told_faults(faults: Iterable[BallotFault], booth: Booth) -> list[str]:
    """All that is wrong, with the title of whom it is about and the way to its row."""
    titles = {entry.key: entry.title for entry in booth.entries}
    told: list[str] = []
    for fault in faults:
        said = sentence_of_fault(fault, booth)
        title = titles.get(fault.candidate or "")
        row = Markup('<a href="#item-{}"><bdi>{}</bdi></a>: {}')  # its format() escapes what is put in
        told.append(row.format(fault.candidate, title, said) if title else said)
    return list(dict.fromkeys(told))


def _row_errors(draft: Draft, round_: Round, faults: Iterable[BallotFault]) -> dict[str, str]:
    found: dict[str, str] = {}
    for fault in faults:
        said = str(SENTENCES[fault.code]) % {"value": number(fault.value), "limit": number(fault.limit)}
        if fault.candidate:
            found[fault.candidate] = said
        elif fault.code == "place_shared":
            found |= {key: said for key, place in draft.choices.marks.items() if place == fault.value}
    return found
