"""The one judge."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crowd.core.actor import Actor
from crowd.core.permissions.names import Permission
from crowd.core.permissions.policy import POLICY
from crowd.core.permissions.predicates import call_of
from crowd.core.status import StageKind
from crowd.core.subjects import AssignmentFacts


@dataclass(frozen=True)
class Permitted:
    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True)
class Refused:
    """`predicate` names the sentence; `opens_at` is set where the refusal ends by the clock."""

    predicate: str
    opens_at: datetime | None = None

    def __bool__(self) -> bool:
        return False


_OPENING: dict[str, StageKind] = {
    "submission_open": StageKind.SUBMISSION,
    "selection_begun": StageKind.SELECTION,
}


def judge(actor: Actor, permission: Permission, subject: object, now: datetime) -> Permitted | Refused:
    """The only judge. Of several ways in, the one that lacks fewest predicates is reported, by its first lack."""
    fewest: list[str] | None = None
    for way in POLICY[permission]:
        lacking = [predicate.__name__ for predicate in way if not predicate(actor, subject, now)]
        if not lacking:
            return Permitted()
        if fewest is None or len(lacking) < len(fewest):
            fewest = lacking
    first = (fewest or ["anyone"])[0]
    return Refused(first, _opens_at(first, subject, now))


def _opens_at(predicate: str, subject: Any, now: datetime) -> datetime | None:
    if predicate in {"round_open", "review_open"}:
        facts = subject.round if isinstance(subject, AssignmentFacts) else subject
        stage = facts.stage()
        opens = stage.opens_at if stage else None
    elif predicate == "objections_open":
        opens = subject.window.opens_at if subject.window else None
    elif predicate in _OPENING:
        opens = call_of(subject).opens_at(_OPENING[predicate])
    else:
        opens = None
    return opens if opens is not None and opens > now else None
