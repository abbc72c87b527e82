"""What a message asks for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MessageText:
    """What is written: `{name}`, `{proposal}` and `{call}` are filled in for each person."""

    subject: str
    body: str
    is_service: bool
    per_minute: int
