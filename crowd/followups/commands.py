"""What is written about a proposal after its selection, as values."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class SetMilestone:
    """`version`: that of the milestone the form was opened on, 0 for a new one."""

    title: str
    due_on: date | None
    done_on: date | None
    note: str
    version: int = 0


@dataclass(frozen=True)
class WriteUpdate:
    text: str
    version: int = 0
