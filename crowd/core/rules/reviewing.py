"""What a review round promises: who learns whose name, and what a conflict of interest that was found does."""

from dataclasses import dataclass
from enum import StrEnum


class Blindness(StrEnum):
    """`NONE`: authors read who reviewed; `SINGLE`: they do not; `DOUBLE`: reviewers do not learn who the authors are either."""

    NONE = "none"
    SINGLE = "single"
    DOUBLE = "double"


class ConflictPolicy(StrEnum):
    """Whether a tie that was found keeps a reviewer from the proposal until a chair sets it aside, or is only shown to the chair."""

    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True)
class Criterion:
    """One line of a rubric. `levels[i]` describes score i (0 is the lowest). `independent`: it is scored but stands outside the total."""

    key: str
    title: str
    weight: int
    levels: tuple[str, ...]
    comment_required: bool = False
    independent: bool = False
