"""Every kind of notice and of mail, as one table: it drives dispatch, the mails and the preferences page."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from crowd.core.events import EventKind
from crowd.core.wall_clock import instant, wall_clock


class NoticeGroup(StrEnum):
    """How the preferences page orders the kinds."""

    PROPOSALS = "proposals"
    TEAMS = "teams"
    VOTING = "voting"
    REVIEWING = "reviewing"
    RESULTS = "results"
    CONVERSATION = "conversation"
    ORGANIZING = "organizing"


class Channel(StrEnum):
    """How one is told. All but `OFF` stand in the product; the mailed ones come by mail too."""

    OFF = "off"
    PRODUCT = "product"
    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"


class Whom(StrEnum):
    """Whom a kind is told; `notifications.queries` knows who that is."""

    TEAM = "team"
    LEAD = "lead"
    DRAFT_TEAMS = "draft_teams"
    TEAM_AND_STAFF = "team_and_staff"
    EVERYBODY_IN_IT = "everybody_in_it"
    MOVED_VOTERS = "moved_voters"
    ENTRANTS = "entrants"
    ASKED_TEAMS = "asked_teams"
    NOT_YET_ANSWERED = "not_yet_answered"
    ASKED_MEMBERS = "asked_members"
    CHANGED_TEAM = "changed_team"
    TAKEN_OUT = "taken_out"
    INVITED_MEMBER = "invited_member"
    ELECTORATE = "electorate"
    NOT_YET_VOTED = "not_yet_voted"
    VOTERS = "voters"
    ASSIGNED_JUROR = "assigned_juror"
    NAMED_JUROR = "named_juror"
    CHAIRS_NEEDED = "chairs_needed"  # where no manager may decide
    CREDITED = "credited"
    TEAM_AND_MANAGERS = "team_and_managers"
    RECEIVERS = "receivers"  # of a prize
    PART_RECEIVER = "part_receiver"
    FOLLOWERS = "followers"  # of what became of a proposal
    ONLOOKERS = "onlookers"
    ANSWERED_AUTHOR = "answered_author"
    TEAM_BUT_ANSWERED = "team_but_answered"
    COMMENT_AUTHOR = "comment_author"
    AUTHORS = "authors"  # of the comment, or of the proposal
    REPORTER = "reporter"
    PANEL = "panel"  # whose review of the proposal is in
    PANEL_AND_CHAIRS = "panel_and_chairs"  # without a chair, managers
    ANSWERING = "answering"  # may answer the objection
    OBJECTING = "objecting"  # whoever objected, and the team of the proposal it is about
    STAFF = "staff"
    MANAGERS = "managers"
    MANAGERS_BUT_ANSWERED = "managers_but_answered"
    NAMED_ACCOUNT = "named_account"


class About(StrEnum):
    """The thing of which a person is told once: each event is new, or further events about the same row are not."""

    EVENT = "event"
    SUBJECT = "subject"
    PROPOSAL = "proposal"
    CALL = "call"


class Why(StrEnum):
    """Why a mail is sent. All but `CHOSEN` come whatever a person chose, say so, and offer no way out."""

    CHOSEN = "chosen"
    SECURITY = "security"
    ASKED = "asked"
    INVITATION = "invitation"
    OUTCOME = "outcome"
    DUTY = "duty"


MUST = (Channel.AT_ONCE,)
UNMAILED = (Channel.PRODUCT,)
NEEDED = (Channel.PRODUCT, Channel.AT_ONCE)
REMINDER = (Channel.OFF, Channel.PRODUCT, Channel.AT_ONCE)
NEWS = (Channel.PRODUCT, Channel.AT_ONCE, Channel.DAILY)
FREE = (Channel.OFF, Channel.PRODUCT, Channel.AT_ONCE, Channel.DAILY, Channel.WEEKLY)
DIGESTS = frozenset({Channel.DAILY, Channel.WEEKLY})


@dataclass(frozen=True)
class NoticeKind:
    """`offers`: the channels to choose from; `own`: told also to the person whose act it was (a receipt)."""

    key: str
    events: tuple[EventKind, ...]
    group: NoticeGroup
    whom: Whom
    offers: tuple[Channel, ...] = NEEDED
    default: Channel = Channel.AT_ONCE
    about: About = About.EVENT
    why: Why = Why.CHOSEN
    own: bool = False

    @property
    def is_optional(self) -> bool:
        return len(self.offers) > 1


_K, _E, _G, _A = NoticeKind, EventKind, NoticeGroup, About

KINDS: tuple[NoticeKind, ...] = (
    _K("proposal_received", (_E.PROPOSAL_SUBMITTED,), _G.PROPOSALS, Whom.TEAM, own=True, about=_A.PROPOSAL),
    _K("correction_asked", (_E.PROPOSAL_CORRECTION_ASKED,), _G.PROPOSALS, Whom.TEAM),
    _K("correction_due", (_E.CORRECTION_DUE,), _G.PROPOSALS, Whom.TEAM, REMINDER),
    _K("correction_overdue", (_E.CORRECTION_OVERDUE,), _G.PROPOSALS, Whom.TEAM_AND_STAFF),
    _K("found_eligible", (_E.PROPOSAL_FOUND_ELIGIBLE,), _G.PROPOSALS, Whom.TEAM),
    _K(
        "found_ineligible",
        (_E.PROPOSAL_FOUND_INELIGIBLE, _E.PROPOSAL_DISQUALIFIED),
        _G.PROPOSALS,
        Whom.TEAM,
        MUST,
        why=Why.OUTCOME,
    ),
    _K("advanced", (_E.PROPOSAL_ADVANCED,), _G.PROPOSALS, Whom.TEAM),
    _K("left_out", (_E.PROPOSAL_LEFT_OUT,), _G.PROPOSALS, Whom.TEAM, MUST, why=Why.OUTCOME),
    _K("merged", (_E.PROPOSAL_MERGED, _E.PROPOSAL_TOOK_IN), _G.PROPOSALS, Whom.TEAM, MUST, why=Why.OUTCOME),
    _K("merge_undone", (_E.PROPOSAL_MERGE_UNDONE,), _G.PROPOSALS, Whom.TEAM, MUST, why=Why.OUTCOME),
    _K("deadline_near", (_E.DEADLINE_NEAR,), _G.PROPOSALS, Whom.DRAFT_TEAMS, REMINDER),
    _K(
        "schedule_shifted",
        (
            _E.CALL_PAUSED,
            _E.CALL_RESUMED,
            _E.CALL_EXTENDED,
            _E.CALL_CLOSING_ANNOUNCED,
            _E.CALL_CLOSED_EARLY,
            _E.CALL_CANCELLED,
            _E.CALL_ENDED,
        ),
        _G.PROPOSALS,
        Whom.EVERYBODY_IN_IT,
        NEWS,
    ),
    _K("objection_ends", (_E.OBJECTION_ENDS,), _G.PROPOSALS, Whom.ENTRANTS, REMINDER),
    _K("call_amended", (_E.CALL_AMENDED,), _G.PROPOSALS, Whom.EVERYBODY_IN_IT, NEWS),
    _K("consent_asked", (_E.AMENDMENT_PROPOSED, _E.AMENDMENT_ASKED), _G.PROPOSALS, Whom.ASKED_TEAMS),
    _K("consent_due", (_E.CONSENT_DUE,), _G.PROPOSALS, Whom.NOT_YET_ANSWERED, REMINDER),
    _K("amendment_ended", (_E.AMENDMENT_LAPSED, _E.AMENDMENT_DROPPED), _G.PROPOSALS, Whom.ASKED_TEAMS),
    _K("team_invitation", (_E.TEAM_INVITED,), _G.TEAMS, Whom.INVITED_MEMBER, UNMAILED, Channel.PRODUCT),
    _K("team_answer", (_E.TEAM_ACCEPTED, _E.TEAM_DECLINED), _G.TEAMS, Whom.LEAD),
    _K("join_asked", (_E.JOIN_ASKED,), _G.TEAMS, Whom.LEAD),
    _K("join_declined", (_E.JOIN_DECLINED,), _G.TEAMS, Whom.NAMED_ACCOUNT),
    _K("team_question", (_E.TEAM_TERMS_ASKED, _E.TEAM_LEAD_OFFERED), _G.TEAMS, Whom.ASKED_MEMBERS),
    _K("team_changed", (_E.TEAM_TERMS_AGREED, _E.TEAM_LEAD_CHANGED, _E.TEAM_REMOVED), _G.TEAMS, Whom.CHANGED_TEAM),
    _K("team_left", (_E.TEAM_REMOVED,), _G.TEAMS, Whom.TAKEN_OUT),
    _K("voting_opens", (_E.ROUND_OPENED,), _G.VOTING, Whom.ELECTORATE, FREE, about=_A.SUBJECT),
    _K("voting_closes", (_E.VOTING_CLOSES,), _G.VOTING, Whom.NOT_YET_VOTED, REMINDER, Channel.OFF),
    _K("candidate_added", (_E.ROUND_CANDIDATE_ADDED,), _G.VOTING, Whom.VOTERS, about=_A.PROPOSAL),
    _K("votes_moved", (_E.BALLOTS_MOVED,), _G.VOTING, Whom.MOVED_VOTERS),
    _K("review_assigned", (_E.REVIEW_ASSIGNED,), _G.REVIEWING, Whom.ASSIGNED_JUROR, about=_A.SUBJECT),
    _K("review_due", (_E.REVIEW_DUE,), _G.REVIEWING, Whom.NAMED_JUROR, REMINDER),
    _K("review_overdue", (_E.REVIEW_OVERDUE,), _G.REVIEWING, Whom.NAMED_JUROR),
    _K("panel_opened", (_E.PANEL_OPENED,), _G.REVIEWING, Whom.PANEL_AND_CHAIRS, NEWS, about=_A.SUBJECT),
    _K("panel_remark", (_E.PANEL_REMARK,), _G.REVIEWING, Whom.PANEL, NEWS),
    _K("chair_needed", (_E.STAGE_OPENED,), _G.REVIEWING, Whom.CHAIRS_NEEDED),
    _K("outcome", (_E.OUTCOME_PUBLISHED,), _G.RESULTS, Whom.TEAM, MUST, about=_A.PROPOSAL, why=Why.OUTCOME),
    _K("outcome_corrected", (_E.OUTCOME_CORRECTED,), _G.RESULTS, Whom.TEAM, MUST, why=Why.OUTCOME),
    _K("objection_filed", (_E.OBJECTION_FILED,), _G.ORGANIZING, Whom.ANSWERING, FREE),
    _K("objection_to_mine", (_E.OBJECTION_FILED,), _G.RESULTS, Whom.TEAM, FREE),
    _K("objection_answered", (_E.OBJECTION_ANSWERED,), _G.RESULTS, Whom.OBJECTING),
    _K("results_final", (_E.RESULTS_FINAL,), _G.RESULTS, Whom.ENTRANTS, FREE, about=_A.CALL),
    _K("selection_declined", (_E.SELECTION_DECLINED,), _G.RESULTS, Whom.TEAM, MUST, why=Why.OUTCOME, own=True),
    _K("selection_taken_up", (_E.SELECTION_TAKEN_UP,), _G.RESULTS, Whom.TEAM_AND_MANAGERS),
    _K("moved_up", (_E.RESERVE_MOVED_UP,), _G.RESULTS, Whom.TEAM, MUST, why=Why.OUTCOME),
    _K("credit_issued", (_E.CREDIT_ISSUED,), _G.RESULTS, Whom.CREDITED, about=_A.SUBJECT),
    _K("credit_corrected", (_E.CREDIT_CORRECTED,), _G.RESULTS, Whom.CREDITED),
    _K("endorsed", (_E.ENDORSEMENT_WRITTEN,), _G.RESULTS, Whom.CREDITED, FREE),
    _K("comment_credited", (_E.CONTRIBUTION_MARKED,), _G.CONVERSATION, Whom.COMMENT_AUTHOR),
    _K("award_given", (_E.AWARD_GIVEN, _E.AWARD_EDITED, _E.AWARD_TAKEN_BACK), _G.RESULTS, Whom.RECEIVERS),
    _K("award_paid", (_E.AWARD_PAID, _E.AWARD_UNPAID), _G.RESULTS, Whom.PART_RECEIVER),
    _K(
        "followed_up",
        (_E.UPDATE_POSTED, _E.MILESTONE_REACHED),
        _G.RESULTS,
        Whom.FOLLOWERS,
        FREE,
        Channel.PRODUCT,
    ),
    _K("results_published", (_E.RESULTS_PUBLISHED,), _G.RESULTS, Whom.ONLOOKERS, FREE, about=_A.CALL),
    _K("answer_to_mine", (_E.COMMENT_POSTED,), _G.CONVERSATION, Whom.ANSWERED_AUTHOR, FREE, about=_A.SUBJECT),
    _K("comment_on_mine", (_E.COMMENT_POSTED,), _G.CONVERSATION, Whom.TEAM_BUT_ANSWERED, FREE, about=_A.SUBJECT),
    _K("proposal_hidden", (_E.PROPOSAL_HIDDEN,), _G.PROPOSALS, Whom.TEAM, MUST, why=Why.OUTCOME),
    _K("shown_again", (_E.COMMENT_RESTORED, _E.PROPOSAL_UNHIDDEN), _G.CONVERSATION, Whom.AUTHORS),
    _K("report_decided", (_E.REPORT_DECIDED,), _G.CONVERSATION, Whom.REPORTER),
    _K("reported", (_E.REPORT_MADE,), _G.ORGANIZING, Whom.STAFF, FREE, Channel.PRODUCT),
    _K("comment_hidden", (_E.COMMENT_HIDDEN,), _G.CONVERSATION, Whom.COMMENT_AUTHOR),
    _K("correction_made", (_E.PROPOSAL_CORRECTED,), _G.ORGANIZING, Whom.STAFF, FREE, Channel.PRODUCT),
    _K(
        "comment_to_organization",
        (_E.COMMENT_POSTED,),
        _G.ORGANIZING,
        Whom.MANAGERS_BUT_ANSWERED,
        FREE,
        about=_A.SUBJECT,
    ),
    _K("message", (), _G.CONVERSATION, Whom.NAMED_ACCOUNT, (Channel.OFF, Channel.AT_ONCE)),
    _K("colleague_assigned", (_E.COLLEAGUE_ASSIGNED,), _G.ORGANIZING, Whom.NAMED_ACCOUNT, FREE),
    _K("place_free", (_E.SELECTION_DECLINED,), _G.ORGANIZING, Whom.MANAGERS),
    _K("award_answer", (_E.AWARD_ACCEPTED, _E.AWARD_DECLINED), _G.ORGANIZING, Whom.MANAGERS, FREE, Channel.PRODUCT),
    _K("juror_answer", (_E.JUROR_ACCEPTED, _E.JUROR_DECLINED), _G.ORGANIZING, Whom.MANAGERS, FREE),
)

BY_KEY: dict[str, NoticeKind] = {kind.key: kind for kind in KINDS}
BY_EVENT: dict[EventKind, tuple[NoticeKind, ...]] = {
    event: tuple(kind for kind in KINDS if event in kind.events) for kind_ in KINDS for event in kind_.events
}

DIGEST = "digest"
LETTERS: dict[str, Why] = {
    "verify": Why.ASKED,
    "sign_in": Why.ASKED,
    "reset": Why.ASKED,
    "account_exists": Why.ASKED,
    "password_changed": Why.SECURITY,
    "new_device": Why.SECURITY,
    "new_address": Why.ASKED,
    "old_address": Why.SECURITY,
    "address_taken": Why.ASKED,
    "erasure_confirm": Why.ASKED,
    "erasure_waits": Why.SECURITY,
    "erasure_blocked": Why.ASKED,
    "account_erased": Why.SECURITY,
    "team_invitation": Why.INVITATION,
    "entry_claim": Why.INVITATION,
    "organization_invitation": Why.INVITATION,
    "jury_invitation": Why.INVITATION,
    "call_invitation": Why.INVITATION,
    "late_permit": Why.ASKED,
    "jury_reminder": Why.DUTY,
    "organization_requested": Why.DUTY,
    "service_message": Why.DUTY,
    "organization_approved": Why.ASKED,
    "organization_refused": Why.ASKED,
    DIGEST: Why.CHOSEN,
}
"""Mails that are written directly, not by a notice."""


def why_of(key: str) -> Why:
    """Why a mail of this kind is sent. KeyError for a kind that stands in neither table."""
    return LETTERS[key] if key in LETTERS else BY_KEY[key].why


def is_optional(key: str) -> bool:
    """Whether mails of this kind can be stopped; false for kinds that do not exist."""
    return (key in LETTERS or key in BY_KEY) and why_of(key) is Why.CHOSEN


WRITTEN_AT = time(8)
"""When digests are written, by the reader's clock; weekly ones on Monday."""
MONDAY = 0


def next_digest(channel: Channel, now: datetime, zone: str) -> datetime:
    """The next moment after `now` at which a digest of this channel is written for a reader in `zone`."""
    local = wall_clock(now, zone)
    days = (MONDAY - local.weekday()) % 7 if channel is Channel.WEEKLY else 0
    due = datetime.combine(local.date() + timedelta(days=days), WRITTEN_AT)
    if due <= local:
        due += timedelta(days=7 if channel is Channel.WEEKLY else 1)
    return instant(due, zone)
