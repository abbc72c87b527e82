"""What people say of a published result, as values."""

from dataclasses import dataclass

from crowd.core.status import ObjectionKind


@dataclass(frozen=True)
class Object:
    """`proposal`: public id of the one it is about; None for the whole result."""

    kind: ObjectionKind
    text: str
    evidence: str = ""
    proposal: str | None = None
    is_public: bool = False


@dataclass(frozen=True)
class Answer:
    """`text` is public."""

    upheld: bool
    text: str
