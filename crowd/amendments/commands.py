"""What managers ask of amendments, as values."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Publish:
    """`decide_by`: until when those who handed in may answer, where their consent is needed."""

    reason: str
    decide_by: datetime | None = None
