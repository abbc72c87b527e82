"""Every legal move of a proposal, as data. Buttons, permissions and legality read this one table."""

from dataclasses import dataclass
from enum import StrEnum

from crowd.core.errors import IllegalMove
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.status import ProposalStatus as S


class Move(StrEnum):
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    ASK_CORRECTION = "ask_correction"
    CORRECT = "correct"
    FIND_ELIGIBLE = "find_eligible"
    FIND_INELIGIBLE = "find_ineligible"
    UNDO_SCREENING = "undo_screening"
    ADVANCE = "advance"
    LEAVE_OUT = "leave_out"
    DISQUALIFY = "disqualify"
    MERGE = "merge"
    UNDO_MERGE = "undo_merge"
    SELECT = "select"
    RESERVE = "reserve"
    NOT_SELECT = "not_select"
    DECLINE = "decline"
    TAKE_UP = "take_up"


@dataclass(frozen=True)
class MoveRule:
    sources: frozenset[S]
    target: S
    permission: Permission
    event: EventKind


_RUNNING = frozenset({S.SUBMITTED, S.CORRECTION, S.ELIGIBLE, S.SHORTLISTED})
_JUDGED = frozenset({S.ELIGIBLE, S.SHORTLISTED, S.NOT_ADVANCED, S.SELECTED, S.RESERVE, S.NOT_SELECTED})

RULES: dict[Move, MoveRule] = {
    Move.SUBMIT: MoveRule(frozenset({S.DRAFT}), S.SUBMITTED, Permission.PROPOSAL_SUBMIT, EventKind.PROPOSAL_SUBMITTED),
    Move.WITHDRAW: MoveRule(_RUNNING, S.WITHDRAWN, Permission.PROPOSAL_WITHDRAW, EventKind.PROPOSAL_WITHDRAWN),
    Move.ASK_CORRECTION: MoveRule(
        frozenset({S.SUBMITTED, S.CORRECTION}),
        S.CORRECTION,
        Permission.PROPOSAL_SCREEN,
        EventKind.PROPOSAL_CORRECTION_ASKED,
    ),
    Move.CORRECT: MoveRule(
        frozenset({S.CORRECTION}), S.SUBMITTED, Permission.PROPOSAL_EDIT, EventKind.PROPOSAL_CORRECTED
    ),
    Move.FIND_ELIGIBLE: MoveRule(
        frozenset({S.SUBMITTED, S.CORRECTION, S.INELIGIBLE}),
        S.ELIGIBLE,
        Permission.PROPOSAL_SCREEN,
        EventKind.PROPOSAL_FOUND_ELIGIBLE,
    ),
    Move.FIND_INELIGIBLE: MoveRule(
        frozenset({S.SUBMITTED, S.CORRECTION, S.ELIGIBLE}),
        S.INELIGIBLE,
        Permission.PROPOSAL_SCREEN,
        EventKind.PROPOSAL_FOUND_INELIGIBLE,
    ),
    Move.UNDO_SCREENING: MoveRule(
        frozenset({S.ELIGIBLE, S.INELIGIBLE, S.CORRECTION}),
        S.SUBMITTED,
        Permission.PROPOSAL_SCREEN,
        EventKind.PROPOSAL_SCREENING_UNDONE,
    ),
    Move.ADVANCE: MoveRule(
        frozenset({S.ELIGIBLE, S.SHORTLISTED}),
        S.SHORTLISTED,
        Permission.SELECTION_DECIDE,
        EventKind.PROPOSAL_ADVANCED,
    ),
    Move.LEAVE_OUT: MoveRule(
        frozenset({S.ELIGIBLE, S.SHORTLISTED}),
        S.NOT_ADVANCED,
        Permission.SELECTION_DECIDE,
        EventKind.PROPOSAL_LEFT_OUT,
    ),
    Move.DISQUALIFY: MoveRule(
        frozenset({S.ELIGIBLE, S.SHORTLISTED}),
        S.INELIGIBLE,
        Permission.PROPOSAL_SCREEN,
        EventKind.PROPOSAL_DISQUALIFIED,
    ),
    Move.MERGE: MoveRule(_RUNNING, S.MERGED, Permission.PROPOSAL_SCREEN, EventKind.PROPOSAL_MERGED),
    Move.UNDO_MERGE: MoveRule(  # back to where it stood; what was being corrected waits for screening
        frozenset({S.MERGED}), S.SUBMITTED, Permission.PROPOSAL_SCREEN, EventKind.PROPOSAL_MERGE_UNDONE
    ),
    Move.SELECT: MoveRule(_JUDGED, S.SELECTED, Permission.SELECTION_PUBLISH, EventKind.OUTCOME_PUBLISHED),
    Move.RESERVE: MoveRule(_JUDGED, S.RESERVE, Permission.SELECTION_PUBLISH, EventKind.OUTCOME_PUBLISHED),
    Move.NOT_SELECT: MoveRule(_JUDGED, S.NOT_SELECTED, Permission.SELECTION_PUBLISH, EventKind.OUTCOME_PUBLISHED),
    Move.DECLINE: MoveRule(
        frozenset({S.SELECTED}), S.DECLINED, Permission.SELECTION_DECLINE, EventKind.SELECTION_DECLINED
    ),
    Move.TAKE_UP: MoveRule(
        frozenset({S.DECLINED}), S.SELECTED, Permission.SELECTION_TAKE_UP, EventKind.SELECTION_TAKEN_UP
    ),
}


def next_status(move: Move, status: S) -> S:
    """The status after `move`. Raises IllegalMove when the move does not start at `status`."""
    rule = RULES[move]
    if status not in rule.sources:
        raise IllegalMove(move, status)
    return rule.target
