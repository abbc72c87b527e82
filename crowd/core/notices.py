"""Every kind of notice, as one table: it drives dispatch, the mails and the preferences page."""

from dataclasses import dataclass
from enum import StrEnum

from crowd.core.events import EventKind


class NoticeGroup(StrEnum):
    """How the preferences page orders the kinds."""

    PROPOSALS = "proposals"
    TEAMS = "teams"
    VOTING = "voting"
    REVIEWING = "reviewing"
    RESULTS = "results"
    CONVERSATION = "conversation"
    ORGANIZING = "organizing"


@dataclass(frozen=True)
class NoticeKind:
    """`mail`: whether it is mailed unless switched off; `own`: told also to the person whose act it was (a receipt)."""

    key: str
    events: tuple[EventKind, ...]
    group: NoticeGroup
    mail: bool = True
    own: bool = False


def _kind(key: str, group: NoticeGroup, *events: EventKind, mail: bool = True, own: bool = False) -> NoticeKind:
    return NoticeKind(key, events, group, mail, own)


_E, _G = EventKind, NoticeGroup

KINDS: tuple[NoticeKind, ...] = (
    _kind("proposal_received", _G.PROPOSALS, _E.PROPOSAL_SUBMITTED, own=True),
    _kind("correction_asked", _G.PROPOSALS, _E.PROPOSAL_CORRECTION_ASKED),
    _kind("correction_overdue", _G.PROPOSALS, _E.CORRECTION_OVERDUE),
    _kind("found_eligible", _G.PROPOSALS, _E.PROPOSAL_FOUND_ELIGIBLE),
    _kind("found_ineligible", _G.PROPOSALS, _E.PROPOSAL_FOUND_INELIGIBLE, _E.PROPOSAL_DISQUALIFIED),
    _kind("advanced", _G.PROPOSALS, _E.PROPOSAL_ADVANCED),
    _kind("left_out", _G.PROPOSALS, _E.PROPOSAL_LEFT_OUT),
    _kind("deadline_near", _G.PROPOSALS, _E.DEADLINE_NEAR),
    _kind(
        "schedule_shifted",
        _G.PROPOSALS,
        _E.CALL_PAUSED,
        _E.CALL_RESUMED,
        _E.CALL_EXTENDED,
        _E.CALL_CLOSING_ANNOUNCED,
        _E.CALL_CLOSED_EARLY,
        _E.CALL_CANCELLED,
        _E.CALL_ENDED,
    ),
    _kind("team_invitation", _G.TEAMS, _E.TEAM_INVITED, mail=False),
    _kind("team_answer", _G.TEAMS, _E.TEAM_ACCEPTED, _E.TEAM_DECLINED),
    _kind("voting_opens", _G.VOTING, _E.ROUND_OPENED),
    _kind("candidate_added", _G.VOTING, _E.ROUND_CANDIDATE_ADDED),
    _kind("review_assigned", _G.REVIEWING, _E.REVIEW_ASSIGNED),
    _kind("review_due", _G.REVIEWING, _E.REVIEW_DUE),
    _kind("review_overdue", _G.REVIEWING, _E.REVIEW_OVERDUE),
    _kind("outcome", _G.RESULTS, _E.OUTCOME_PUBLISHED),
    _kind("outcome_corrected", _G.RESULTS, _E.OUTCOME_CORRECTED),
    _kind("credit_issued", _G.RESULTS, _E.CREDIT_ISSUED),
    _kind("credit_corrected", _G.RESULTS, _E.CREDIT_CORRECTED),
    _kind("results_published", _G.RESULTS, _E.RESULTS_PUBLISHED),
    _kind("answer_to_mine", _G.CONVERSATION, _E.COMMENT_POSTED),
    _kind("comment_on_mine", _G.CONVERSATION, _E.COMMENT_POSTED),
    _kind("comment_hidden", _G.CONVERSATION, _E.COMMENT_HIDDEN),
    _kind("correction_made", _G.ORGANIZING, _E.PROPOSAL_CORRECTED, mail=False),
    _kind("comment_to_organization", _G.ORGANIZING, _E.COMMENT_POSTED),
    _kind("juror_answer", _G.ORGANIZING, _E.JUROR_ACCEPTED, _E.JUROR_DECLINED),
)

BY_KEY: dict[str, NoticeKind] = {kind.key: kind for kind in KINDS}
BY_EVENT: dict[EventKind, tuple[NoticeKind, ...]] = {
    event: tuple(kind for kind in KINDS if event in kind.events) for kind_ in KINDS for event in kind_.events
}
