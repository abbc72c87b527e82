"""What voters ask, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Choices:
    """What a ballot says: public id of a candidate → 1 for support, or the score. Blanks and zeros are left out."""

    marks: Mapping[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return len(self.marks)

    def of(self, key: str) -> int:
        return self.marks.get(key, 0)
