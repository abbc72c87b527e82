"""What people decide, as values."""

from collections.abc import Mapping
from dataclasses import dataclass

from crowd.core.badges.open_badge import Award, Holder
from crowd.core.status import LetterFate, Outcome


@dataclass(frozen=True)
class Decide:
    """A verdict. `version` is that of the verdict the form was opened on, 0 when there was none."""

    outcome: Outcome
    reason: str
    reason_code: str = ""
    letter: str = ""
    version: int = 0


@dataclass(frozen=True)
class Advance:
    """Reasons for those left out of a round, by public id of the proposal."""

    reasons: Mapping[str, str]


@dataclass(frozen=True)
class EditLetter:
    """`version`: of the edit that the form was opened on, 0 where there was none."""

    text: str
    replaces: bool
    fate: LetterFate
    reason: str
    version: int


@dataclass(frozen=True)
class Publish:
    """`fingerprint`: of the decisions as they were previewed."""

    fingerprint: str
    justification: str = ""
    incomplete_justification: str = ""


@dataclass(frozen=True)
class Correct:
    """A published outcome or reason put right. `note` is public."""

    outcome: Outcome
    reason: str
    note: str
    version: int


@dataclass(frozen=True)
class MoveUp:
    """Who takes the place of `vacated`, by public id; nobody (`chosen` empty) leaves it empty. `note` is public."""

    vacated: str
    chosen: str = ""
    reason: str = ""
    note: str = ""


@dataclass(frozen=True)
class CorrectCredit:
    name: str
    roles: tuple[str, ...]
    share: int
    revoked: bool
    note: str


@dataclass(frozen=True)
class Claim:
    """A credential for one's own credit, in words made beforehand, in the language of its holder."""

    award: Award
    holder: Holder


@dataclass(frozen=True)
class Endorse:
    text: str
    for_organization: bool = False
