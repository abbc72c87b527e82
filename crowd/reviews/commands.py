"""What is asked of the jury's actions, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class InviteJuror:
    name: str
    email: str
    is_chair: bool = False


@dataclass(frozen=True)
class DescribeJuror:
    """`load_limit`: most reviews, None for as many as all."""

    skills: tuple[str, ...] = ()
    expertise: str = ""
    load_limit: int | None = None


@dataclass(frozen=True)
class AcceptInvitation:
    name: str
    language: str = "en"
    time_zone: str = "UTC"


@dataclass(frozen=True)
class CriterionAnswer:
    """`score`: the level's index, None while it is not chosen."""

    score: int | None
    comment: str = ""
    to_authors: bool = False


@dataclass(frozen=True)
class WriteReview:
    """`version`: the one the form was opened with, 0 when there was none; `seen`: the proposal's version on the page;
    `confidence`: how sure the reviewer is, 1 to 3.
    """

    answers: Mapping[str, CriterionAnswer] = field(default_factory=dict)
    panel: str = ""
    authors: str = ""
    version: int = 0
    seen: int = 1
    confidence: int | None = None

    @property
    def scores(self) -> dict[str, int]:
        return {key: answer.score for key, answer in self.answers.items() if answer.score is not None}
