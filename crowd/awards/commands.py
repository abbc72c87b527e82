"""What a manager or a receiver does with a prize, as values."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class GiveAward:
    """`amount` in minor units of `currency`, or None with an empty one; `thing` in words."""

    title: str
    amount: int | None
    currency: str
    thing: str
    is_public: bool


@dataclass(frozen=True)
class EditAward:
    """The prize as it is to be; `version`: how often it had been changed when the form was opened."""

    title: str
    amount: int | None
    currency: str
    thing: str
    reason: str
    version: int


@dataclass(frozen=True)
class AddObligation:
    text: str
    due_on: date | None
