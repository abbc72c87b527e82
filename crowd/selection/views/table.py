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
    id: str
    number: int | None
    title: str
    url: str
    decide_url: str
    rank: int | None
    tied: bool
    total: str
    exact: str
    parts: Sequence[PartCell]
    spread: str
    reviews: str
    incomplete: bool
    gates: Sequence[str]
    fate: str
    reserve: bool  # by the numbers
    cut: bool  # the line is drawn beneath this row
    stake: bool  # of the person who looks
    managers_with_stake: int
    conflicts: int
    outcome: str | None
    told: bool
    reason: str
    reason_code: str
    has_reason: bool
    confirmed: bool
    version: int
    undecided_by_numbers: bool


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
    proposal, placement, verdict = row.proposal, row.placement, row.verdict
    score = (jury.jury or {}).get(proposal.public_id) if jury else None
    return RoomLine(
        id=proposal.public_id,
        number=proposal.number,
        title=proposal.title,
        url=url_for("pages.proposal", public_id=proposal.public_id),
        decide_url=url_for("selection.verdict", public_id=proposal.public_id),
        rank=placement.rank,
        tied=tied and placement.rank is not None,
        total=percent(placement.total) if placement.total is not None else "",
        exact=exact_text(placement.total) if placement.total is not None else "",
        parts=[part_cell(part, titles) for part in placement.parts],
        spread=decimal(score.spread) if score and score.spread is not None else "",
        reviews=_reviews(score),
        incomplete=any(part.missing == "incomplete" for part in placement.missing),
        gates=[failed_words(each) for each in placement.failed],
        fate=fate_words(row.fate, row.quotas, rules) if row.fate else "",
        reserve=row.in_reserve,
        cut=cut,
        stake=actor.account_id in row.facts.stake_ids(),
        managers_with_stake=row.managers_with_stake,
        conflicts=len(row.facts.conflicted_ids),
        outcome=verdict.outcome.value if verdict else None,
        told=row.told,
        reason=verdict.reason if verdict else (proposal.outcome_reason if row.told else ""),
        reason_code=str(reason_word(verdict.reason_code)) if verdict else "",
        has_reason=row.settled,
        confirmed=verdict is not None and verdict.confirmed_by_id is not None,
        version=verdict.version if verdict else 0,
        undecided_by_numbers=row.undecided_by_numbers,
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
