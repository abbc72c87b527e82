"""Ballots as forms: one control for each candidate, named by its public id."""

import re
from collections.abc import Iterator
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms.validators import ValidationError

from crowd.core.rules import Round, VotingMethod
from crowd.core.tally.choices import Choices
from crowd.web.forms import BaseForm, long_text, one_line
from crowd.web.numbers import natural
from crowd.web.text import _, _l

SUPPORT = "support"
SCORE = "score-"
SEEN = "seen"
SENTENCES: dict[str, Any] = {
    "unknown_candidate": _l("The list of candidates has changed since you opened it. Look at it once more."),
    "duplicate_choice": _l("Your ballot named a candidate twice."),
    "too_many_choices": _l("You chose %(value)s, and at most %(limit)s may be chosen. Take some away."),
    "score_out_of_range": _l("Points go from 0 to %(limit)s."),
    "not_in_the_running": _l("Only proposals found eligible stand in a round: screen it first."),
    "already_listed": _l("This proposal is on the list already."),
    "round_not_open": _l("Candidates are added only while the round is open."),
}


class BallotForm(BaseForm):
    """The token and what is wrong with the ballot as a whole; its choices are read by `read_choices`."""


class ReceiptForm(BaseForm):
    """The hash of a leaf, as it stands on a receipt."""

    leaf = one_line(_l("The hash on your receipt"), most=200)

    def validate_leaf(self, field: Any) -> None:
        if not re.fullmatch(r"[0-9a-fA-F]{64}", (field.data or "").strip()):
            raise ValidationError(_("A hash has 64 characters, 0–9 and a–f."))


class AddCandidateForm(BaseForm):
    reason = long_text(_l("Why is it added now? Voters will read this."), most=2000)


def read_choices(fields: MultiDict[str, str], round_: Round) -> Choices:
    """What was ticked. Points that are no number become -1, which no round takes."""
    if round_.method is VotingMethod.SCORE:
        return Choices({key: value for key, value in _scores(fields) if value})
    return Choices(dict.fromkeys(fields.getlist(SUPPORT), 1))


def _scores(fields: MultiDict[str, str]) -> Iterator[tuple[str, int]]:
    for name, text in fields.items():
        if name.startswith(SCORE) and text:
            yield name.removeprefix(SCORE), int(text) if text.isdecimal() and len(text) < 4 else -1


def read_versions(fields: MultiDict[str, str]) -> dict[str, int]:
    """Public id of a candidate → the version that the form showed, as it says; what is no number is 0, which no version has."""
    pairs = [text.rpartition(":") for text in fields.getlist(SEEN)]
    return {key: natural(number) for key, _colon, number in pairs if key}


def seen_field(key: str, version: int) -> tuple[str, str]:
    return SEEN, f"{key}:{version}"


def hidden_fields(choices: Choices, round_: Round) -> list[tuple[str, str]]:
    """The same choices to be carried by another form."""
    if round_.method is VotingMethod.SCORE:
        return [(f"{SCORE}{key}", str(value)) for key, value in choices.marks.items()]
    return [(SUPPORT, key) for key in choices.marks]
