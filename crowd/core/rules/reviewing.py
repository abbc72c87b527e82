"""What a review round promises: who learns whose name, and what a conflict of interest that was found does."""

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
