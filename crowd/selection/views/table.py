"""The rows of the decision room, ready to draw: each number with the sentence that says where it comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask import url_for

from crowd.core.actor import Actor
from crowd.core.exact import exact_text, rounded
from crowd.core.rules import RoundKind, SelectionRules
from crowd.core.scoring import JuryScore
from crowd.core.selection import Part
from crowd.core.selection.cut import Fate
from crowd.selection.forms import reason_word
from crowd.selection.queries.numbers import RoundNumbers
from crowd.selection.queries.room import Room, Row
from crowd.selection.views.words import MISSING_WORDS, decimal, failed_words, fate_words, percent, round_titles
from crowd.web.text import _, in_digits


@dataclass(frozen=True)
class PartCell:
    """One component: what the round says, and the share of the others beaten (`bar` of 100)."""

    title: str
    value: str
    bar: int | None
    missing: str | None
    arithmetic: str


@dataclass(frozen=True)
class RoomLine:
    """One row in words. `cut`: the line is drawn beneath it; `stake`: of the person who looks."""

    row: Row
    tied: bool
    parts: Sequence[PartCell]
    spread: str
    reviews: str
    gates: Sequence[str]
    fate: str
    cut: bool
    stake: bool

    @property
    def id(self) -> str:
        return self.row.proposal.public_id

    @property
    def number(self) -> int | None:
        return self.row.proposal.number

    @property
    def title(self) -> str:
        return self.row.proposal.title

    @property
    def url(self) -> str:
        return url_for("pages.proposal", public_id=self.id)

    @property
    def decide_url(self) -> str:
        return url_for("selection.verdict", public_id=self.id)

    @property
    def rank(self) -> int | None:
        return self.row.placement.rank

    @property
    def total(self) -> str:
        total = self.row.placement.total
        return percent(total) if total is not None else ""

    @property
    def exact(self) -> str:
        total = self.row.placement.total
        return exact_text(total) if total is not None else ""

    @property
    def incomplete(self) -> bool:
        return any(part.missing == "incomplete" for part in self.row.placement.missing)

    @property
    def reserve(self) -> bool:
        """By the numbers."""
        return self.row.in_reserve

    @property
    def managers_with_stake(self) -> int:
        return self.row.managers_with_stake

    @property
    def conflicts(self) -> int:
        return len(self.row.facts.conflicted_ids)

    @property
    def undecided_by_numbers(self) -> bool:
        return self.row.undecided_by_numbers

    @property
    def outcome(self) -> str | None:
        return self.row.outcome.value if self.row.outcome else None

    @property
    def told(self) -> bool:
        return self.row.told

    @property
    def reason(self) -> str:
        verdict = self.row.verdict
        return verdict.reason if verdict else (self.row.proposal.outcome_reason if self.told else "")

    @property
    def reason_code(self) -> str:
        verdict = self.row.verdict
        return str(reason_word(verdict.reason_code)) if verdict else ""

    @property
    def has_reason(self) -> bool:
        return self.row.settled

    @property
    def confirmed(self) -> bool:
        return self.row.verdict is not None and self.row.verdict.confirmed_by_id is not None

    @property
    def version(self) -> int:
        return self.row.verdict.version if self.row.verdict else 0


def room_lines(room: Room, actor: Actor) -> list[RoomLine]:
    """All rows in the order of the ranking."""
    titles = round_titles(room.numbers)
    ranks = [row.placement.rank for row in room.rows]
    last = last_above(room)
    jury = next((found for found in reversed(room.numbers.rounds) if found.round.kind is RoundKind.REVIEW), None)
    return [
        _line(row, actor, titles, jury, room.numbers.rules, tied=ranks.count(row.placement.rank) > 1, cut=row is last)
        for row in room.rows
    ]


def last_above(room: Room) -> Row | None:
    """The last row above the line that the numbers draw: the line stands beneath it."""
    above = [row for row in room.rows if row.fate in {Fate.IN, Fate.TIED}]
    return above[-1] if above and len(above) < len(room.rows) else None


def _line(
    row: Row,
    actor: Actor,
    titles: Mapping[str, str],
    jury: RoundNumbers | None,
    rules: SelectionRules,
    *,
    tied: bool,
    cut: bool,
) -> RoomLine:
    score = (jury.jury or {}).get(row.proposal.public_id) if jury else None
    return RoomLine(
        row=row,
        tied=tied and row.placement.rank is not None,
        parts=[part_cell(part, titles) for part in row.placement.parts],
        spread=decimal(score.spread) if score and score.spread is not None else "",
        reviews=_reviews(score),
        gates=[failed_words(each) for each in row.placement.failed],
        fate=fate_words(row.fate, row.quotas, rules) if row.fate else "",
        cut=cut,
        stake=actor.account_id in row.facts.stake_ids(),
    )


def part_cell(part: Part, titles: Mapping[str, str]) -> PartCell:
    return PartCell(
        title=titles.get(part.round, part.round),
        value=_value(part),
        bar=round(part.share * 100) if part.share is not None else None,
        missing=str(MISSING_WORDS[part.missing]) if part.missing else None,
        arithmetic=arithmetic(part),
    )


def _value(part: Part) -> str:
    """`3.33`; of an adjusted score `3.214 ± 0.301 (raw 3.33)`."""
    if part.value is None or part.raw is None or part.error is None:
        return decimal(part.value) if part.value is not None else ""
    score, error = (in_digits(rounded(number, 3)) for number in (part.value, part.error))
    return _("%(score)s ± %(error)s (raw %(raw)s)", score=score, error=error, raw=decimal(part.raw))


def arithmetic(part: Part) -> str:
    """`beats 7 and ties with 1 of 9 others: (7 + 1/2) / 9 = 5/6; × 40 % = 1/3`."""
    if part.share is None or part.contribution is None:
        return ""
    if part.others == 0:
        beats = _("alone with a value: 1")
    elif part.tied:
        beats = _(
            "beats %(beaten)s and ties with %(tied)s of %(others)s others: (%(beaten)s + %(half)s) / %(others)s = %(share)s",
            beaten=part.beaten,
            tied=part.tied,
            others=part.others,
            half=exact_text(Fraction(part.tied, 2)),
            share=exact_text(part.share),
        )
    else:
        beats = _(
            "beats %(beaten)s of %(others)s others: %(beaten)s / %(others)s = %(share)s",
            beaten=part.beaten,
            others=part.others,
            share=exact_text(part.share),
        )
    return _(
        "%(beats)s; weight %(weight)s: %(sum)s", beats=beats, weight=part.weight, sum=exact_text(part.contribution)
    )


def _reviews(score: JuryScore | None) -> str:
    """As in "2 of 3"; where there are more than the rules ask for, their number alone."""
    if score is None:
        return ""
    return (
        str(score.reviews)
        if score.reviews > score.least
        else _("%(have)s of %(least)s", have=score.reviews, least=score.least)
    )
