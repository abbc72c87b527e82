"""Ballots as forms: one control for each candidate, named by its public id; comparisons of two as one field each."""

import re
from collections.abc import Iterator
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange, ValidationError

from crowd.core.rules import Round
from crowd.core.tally.choices import KIND_OF, PASSED, Choices, Pair, Why
from crowd.core.tally.drafting import Draft, Step
from crowd.core.tally.profile import Kind
from crowd.web.addresses import AddressList
from crowd.web.forms import BaseForm, long_text, one_line, required
from crowd.web.numbers import natural
from crowd.web.text import _, _l

SUPPORT = "support"
PAIR = "pair"
SEEN = "seen"
PREFIXES = {Kind.SCORE: "score-", Kind.RANK: "place-", Kind.GRADE: "grade-", Kind.POINTS: "points-"}
"""Of the field of a candidate, where a ballot gives each a number."""
LONGEST = 7
SENTENCES: dict[str, Any] = {
    "unknown_candidate": _l("The list of candidates has changed since you opened it. Look at it once more."),
    "too_many_choices": _l("You chose %(value)s, and at most %(limit)s may be chosen. Take some away."),
    "mark_out_of_range": _l("A proposal is supported once, or not at all."),
    "score_out_of_range": _l("Points go from 0 to %(limit)s."),
    "points_out_of_range": _l("Write a whole number from 0 to %(limit)s."),
    "grade_out_of_range": _l("Choose one of the grades."),
    "place_out_of_range": _l("Places go from 1 to %(limit)s."),
    "place_shared": _l("Two proposals have place %(value)s. Give each place once."),
    "too_many_points": _l("Your ballot spends %(value)s, and you have %(limit)s. Take some away."),
    "over_budget": _l("What you chose costs %(value)s, and the budget is %(limit)s. Take something out."),
    "pair_with_itself": _l("A proposal was compared with itself."),
    "pair_twice": _l("Two proposals were compared twice. Take one of the comparisons back."),
    "round_not_over": _l("Ballots are set aside after the close."),
    "unknown_ballot": _l("No ballot %(key)s stands in this vote."),
    "not_on_the_list": _l("This address is not on the list."),
    "too_many_codes": _l("At most %(limit)s codes at once."),
    "unknown_code": _l("There is no such code in this vote, or it was revoked."),
    "code_used": _l("A ballot was cast with this code; it stays."),
    "other_electorate": _l("The rules of this vote name another electorate."),
    "round_over": _l("The vote is over: its electorate stays as it was."),
    "not_in_the_running": _l("Only proposals found eligible stand in a round: screen it first."),
    "already_listed": _l("This proposal is on the list already."),
    "round_not_open": _l("Candidates are added only while the round is open."),
}


class BallotForm(BaseForm):
    """The token and what is wrong with the ballot as a whole; its choices are read by `read_draft`."""


class ReceiptForm(BaseForm):
    """The hash of a leaf, as it stands on a receipt."""

    leaf = StringField(_l("The hash on your receipt"), [required()])

    def validate_leaf(self, field: Any) -> None:
        if not re.fullmatch(r"[0-9a-fA-F]{64}", (field.data or "").strip()):
            raise ValidationError(_("A hash has 64 characters, 0–9 and a–f."))


class ElectorsForm(BaseForm):
    addresses = AddressList(
        _l("E-mail addresses"),
        most=5000,
        description=_l(
            "One in each line, or parted by commas. Whoever owns a confirmed account with one of them may vote."
        ),
    )


class RemoveElectorForm(BaseForm):
    remove = one_line(_l("Address to take off the list"), most=254)


class MakeCodesForm(BaseForm):
    number = IntegerField(_l("How many codes"), [InputRequired(_l("This is needed.")), NumberRange(1, 5000)])


class RevokeCodeForm(BaseForm):
    revoke = one_line(_l("Code that was lost"), most=60)


class VoterCodeForm(BaseForm):
    code = one_line(_l("Your code"), most=60)


class SetAsideForm(BaseForm):
    ballots = long_text(_l("Ballots, by their ids"), most=200_000)
    reason = long_text(_l("Why do they not count? This is published with the result."), most=2000)

    def keys(self) -> list[str]:
        return [part for part in re.split(r"[\s,;]+", self.ballots.data or "") if part]


class TakeBackForm(BaseForm):
    why = one_line(_l("Why does it count after all?"), most=500)


class AddCandidateForm(BaseForm):
    reason = long_text(_l("Why is it added now? Voters will read this."), most=2000)


def read_choices(fields: MultiDict[str, str], round_: Round) -> Choices:
    """What was ticked and typed. What is no number becomes -1, which no round takes."""
    kind = KIND_OF[round_.method]
    if kind is Kind.APPROVE:
        return Choices(dict.fromkeys(fields.getlist(SUPPORT), 1))
    if kind is Kind.PAIR:
        passed = tuple((pair, _why(why)) for pair, why in _pairs(fields, PASSED))
        return Choices(pairs=tuple(pair for pair, _rest in _pairs(fields, PAIR)), passed=passed)
    return Choices({key: value for key, value in _numbers(fields, PREFIXES[kind]) if value})


def _numbers(fields: MultiDict[str, str], prefix: str) -> Iterator[tuple[str, int]]:
    for name, text in fields.items():
        if name.startswith(prefix) and text.strip():
            yield name.removeprefix(prefix), natural(text.strip(), -1) if len(text) <= LONGEST else -1


def _pairs(fields: MultiDict[str, str], name: str) -> Iterator[tuple[Pair, str]]:
    """`one:other`, with whatever follows."""
    for text in fields.getlist(name):
        one, colon, rest = text.partition(":")
        other, _colon, more = rest.partition(":")
        if colon and one and other:
            yield (one, other), more


def read_draft(fields: MultiDict[str, str], round_: Round) -> Draft:
    return Draft(read_choices(fields, round_))


def _why(text: str) -> Why:
    return Why(text) if text in set(Why) else Why.EQUAL


def pressed(draft: Draft, fields: MultiDict[str, str], round_: Round) -> Draft:
    """The draft after the button that was pressed; unchanged where it was none of the ballot's own."""
    kind = KIND_OF[round_.method]
    verb, _colon, key = fields.get("act", "").partition(":")
    if kind is Kind.RANK:
        return draft.placing(key, Step(verb)) if verb in set(Step) else draft
    if kind is Kind.POINTS and verb in {"more", "fewer"}:
        return draft.adding(key, 1 if verb == "more" else -1)
    if kind is not Kind.PAIR:
        return draft
    one, _colon, other = key.partition(":")
    match verb:
        case "prefer" if one and other:
            return draft.preferring((one, other))
        case "pass" if one and other:
            return draft.passing((one, other), _why(fields.get("why", "")))
        case "again" if one and other:
            return draft.without((one, other))
        case _:
            return draft


def read_versions(fields: MultiDict[str, str]) -> dict[str, int]:
    """Public id of a candidate → the version that the form showed, as it says; what is no number is 0, which no version has."""
    pairs = [text.rpartition(":") for text in fields.getlist(SEEN)]
    return {key: natural(number) for key, _colon, number in pairs if key}


def seen_field(key: str, version: int) -> tuple[str, str]:
    return SEEN, f"{key}:{version}"


def hidden_fields(draft: Draft, round_: Round) -> list[tuple[str, str]]:
    """The same draft to be carried by another form."""
    kind, marks = KIND_OF[round_.method], draft.choices.marks
    if kind is Kind.APPROVE:
        return [(SUPPORT, key) for key in marks]
    if kind is Kind.PAIR:
        return [
            *((PAIR, ":".join(pair)) for pair in draft.choices.pairs),
            *((PASSED, ":".join((*pair, why))) for pair, why in draft.choices.passed),
        ]
    return [(f"{PREFIXES[kind]}{key}", str(value)) for key, value in marks.items()]
