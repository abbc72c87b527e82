"""A proposal's own timeline: what happened, where it stands, what comes and when. Pure: from events, status and schedule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crowd.core.events import EventKind as E
from crowd.core.rules import Stage
from crowd.core.status import CallStatus, StageKind
from crowd.core.status import ProposalStatus as S
from crowd.core.subjects import ProposalFacts


class StepKind(StrEnum):
    RECEIVED = "received"
    CORRECTION_ASKED = "correction_asked"
    CORRECTED = "corrected"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    ADVANCED = "advanced"
    LEFT_OUT = "left_out"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    CALL_OVER = "call_over"
    DECIDED = "decided"
    DECLINED = "declined"
    MOVED_UP = "moved_up"
    HAND_IN = "hand_in"
    SCREENING = "screening"
    CORRECTION = "correction"
    DISCUSSION = "discussion"
    VOTE = "vote"
    REVIEW = "review"
    DECISION = "decision"


@dataclass(frozen=True)
class Step:
    """`state`: done, current or next. `at`: when it happened, or when it ends (current) or begins (next)."""

    kind: StepKind
    state: str
    at: datetime | None = None


@dataclass(frozen=True)
class Happening:
    kind: E
    at: datetime


_TOLD: dict[E, StepKind] = {
    E.PROPOSAL_SUBMITTED: StepKind.RECEIVED,
    E.PROPOSAL_CORRECTION_ASKED: StepKind.CORRECTION_ASKED,
    E.PROPOSAL_CORRECTED: StepKind.CORRECTED,
    E.PROPOSAL_FOUND_ELIGIBLE: StepKind.ELIGIBLE,
    E.PROPOSAL_FOUND_INELIGIBLE: StepKind.INELIGIBLE,
    E.PROPOSAL_DISQUALIFIED: StepKind.INELIGIBLE,
    E.PROPOSAL_ADVANCED: StepKind.ADVANCED,
    E.PROPOSAL_LEFT_OUT: StepKind.LEFT_OUT,
    E.PROPOSAL_WITHDRAWN: StepKind.WITHDRAWN,
    E.PROPOSAL_MERGED: StepKind.MERGED,
    E.OUTCOME_PUBLISHED: StepKind.DECIDED,
    E.SELECTION_DECLINED: StepKind.DECLINED,
    E.RESERVE_MOVED_UP: StepKind.MOVED_UP,
}
_UNDONE: dict[E, frozenset[StepKind]] = {
    E.PROPOSAL_SCREENING_UNDONE: frozenset({StepKind.ELIGIBLE, StepKind.INELIGIBLE, StepKind.CORRECTION_ASKED}),
    E.SELECTION_TAKEN_UP: frozenset({StepKind.DECLINED}),
    E.PROPOSAL_MERGE_UNDONE: frozenset({StepKind.MERGED}),
}
TOLD = frozenset(_TOLD) | frozenset(_UNDONE)
"""Events that the timeline reads."""

_STAGES = {
    StageKind.DISCUSSION: StepKind.DISCUSSION,
    StageKind.VOTING: StepKind.VOTE,
    StageKind.REVIEW: StepKind.REVIEW,
}
_RUNNING = frozenset({S.SUBMITTED, S.CORRECTION, S.ELIGIBLE, S.SHORTLISTED})


def steps(facts: ProposalFacts, happenings: Sequence[Happening], now: datetime) -> tuple[Step, ...]:
    """`happenings` in order; what was undone is left out."""
    call = facts.call
    if facts.status is S.DRAFT:
        return _ahead_of_draft(facts, now)
    done = _past(happenings)
    if call.results_published or facts.status not in _RUNNING:
        return tuple(done)
    if call.status in {CallStatus.CANCELLED, CallStatus.ENDED}:
        return (*done, Step(StepKind.CALL_OVER, "current"))
    return (*done, *_waiting(facts, now), *_stages_ahead(facts, now))


def _past(happenings: Sequence[Happening]) -> list[Step]:
    done: list[Step] = []
    for happening in happenings:
        if happening.kind in _TOLD:
            done.append(Step(_TOLD[happening.kind], "done", happening.at))
        elif done and done[-1].kind in _UNDONE.get(happening.kind, ()):
            done.pop()
    return done


def _ahead_of_draft(facts: ProposalFacts, now: datetime) -> tuple[Step, ...]:
    if not facts.call.takes_proposals(now):
        return ()
    current = facts.call.position(now).current
    return (Step(StepKind.HAND_IN, "current", current.closes_at if current else None), *_stages_ahead(facts, now))


def _waiting(facts: ProposalFacts, now: datetime) -> list[Step]:
    """What is waited for now, by the status first and by the open stage after that."""
    if facts.status is S.CORRECTION:
        return [Step(StepKind.CORRECTION, "current", facts.correction_due)]
    if facts.status is S.SUBMITTED:
        return [Step(StepKind.SCREENING, "current", _end_of_screening(facts.call.schedule))]
    current = facts.call.position(now).current
    if current and current.kind in _STAGES:
        return [Step(_STAGES[current.kind], "current", current.closes_at)]
    if current and current.kind is StageKind.SELECTION:
        return [Step(StepKind.DECISION, "current", facts.call.opens_at(StageKind.RESULTS))]
    return []


def _end_of_screening(schedule: Sequence[Stage]) -> datetime | None:
    return next((stage.closes_at for stage in schedule if stage.kind is StageKind.SCREENING), None)


def _stages_ahead(facts: ProposalFacts, now: datetime) -> list[Step]:
    clock = facts.call.clock(now)
    ahead = [stage for stage in facts.call.schedule if stage.opens_at > clock]
    found = [Step(_STAGES[stage.kind], "next", stage.opens_at) for stage in ahead if stage.kind in _STAGES]
    decided = facts.call.opens_at(StageKind.RESULTS)
    current = facts.call.position(now).kind
    if current is not StageKind.SELECTION and decided and decided > clock:
        found.append(Step(StepKind.DECISION, "next", decided))
    return found
