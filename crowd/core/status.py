"""The words for where things stand. Values are stored; never rename one without a migration."""

from enum import StrEnum


class OrganizationStatus(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"


class OrganizationRole(StrEnum):
    OWNER = "owner"
    MANAGER = "manager"
    MODERATOR = "moderator"
    MEMBER = "member"


class CallStatus(StrEnum):
    """A published call's stage is computed from its schedule; this axis only says what people did with the call."""

    DRAFT = "draft"
    PUBLISHED = "published"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    ENDED = "ended"  # closed without a winner, with a public reason


class StageKind(StrEnum):
    SUBMISSION = "submission"
    SCREENING = "screening"
    DISCUSSION = "discussion"
    VOTING = "voting"
    REVIEW = "review"
    SELECTION = "selection"
    OBJECTION = "objection"
    RESULTS = "results"
    FOLLOW_UP = "follow_up"


class ProposalStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"  # waits for screening
    CORRECTION = "correction"  # the organization asked for a correction by a date
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    SHORTLISTED = "shortlisted"  # advanced to a later round
    NOT_ADVANCED = "not_advanced"  # left out after a round, told at once
    SELECTED = "selected"
    RESERVE = "reserve"
    NOT_SELECTED = "not_selected"
    DECLINED = "declined"  # was selected; its authors do not take it
    WITHDRAWN = "withdrawn"
    MERGED = "merged"  # into another of its call, which `merged_into_id` names


class EntryChannel(StrEnum):
    """How a proposal came that somebody else entered."""

    PAPER = "paper"
    TELEPHONE = "telephone"
    COUNTER = "counter"  # told in person
    IMPORT = "import"  # from a file of the organization


class ModerationState(StrEnum):
    VISIBLE = "visible"
    HIDDEN = "hidden"


class JoinStatus(StrEnum):
    """What became of asking to join a team."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class ModerationCode(StrEnum):
    """Why something is reported or hidden. The public reads this much of the reason, its authors and staff all of it."""

    SPAM = "spam"
    ABUSE = "abuse"
    PERSONAL_DATA = "personal_data"
    UNLAWFUL = "unlawful"
    OFF_TOPIC = "off_topic"
    OTHER = "other"


class ReportDecision(StrEnum):
    KEEP = "keep"
    HIDE = "hide"


class MemberStatus(StrEnum):
    """A place in a proposal's team."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REMOVED = "removed"


class JurorStatus(StrEnum):
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REMOVED = "removed"


class AssignmentStatus(StrEnum):
    ASSIGNED = "assigned"
    SUBMITTED = "submitted"
    RECUSED = "recused"
    WITHDRAWN = "withdrawn"  # taken away or reassigned by the chair


class InvitationKind(StrEnum):
    """How somebody is invited to a call."""

    ADDRESS = "address"
    LINK = "link"
    CODE = "code"


class AmendmentStatus(StrEnum):
    PROPOSED = "proposed"  # waits for the consent of everybody who handed in
    IN_FORCE = "in_force"
    LAPSED = "lapsed"  # somebody had not consented at the date
    DROPPED = "dropped"  # taken back by the organization


class ConsentAnswer(StrEnum):
    ACCEPT = "accept"
    LEAVE = "leave"  # my proposal is withdrawn if the amendment comes into force


class ObjectionKind(StrEnum):
    """What is said to be wrong with a published result."""

    COUNT = "count"  # numbers, or how they were combined
    RULES = "rules"  # something was done otherwise than the rules say
    STAKE = "stake"  # somebody with an interest took part in deciding
    FACTS = "facts"  # a reason rests on something untrue
    OTHER = "other"


class ObjectionStatus(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"  # by whoever objected


class Outcome(StrEnum):
    SELECTED = "selected"
    RESERVE = "reserve"
    NOT_SELECTED = "not_selected"


class LetterFate(StrEnum):
    """What becomes of the letter that tells an author the outcome."""

    SEND = "send"
    HELD = "held"  # it may be sent later
    DELETED = "deleted"  # the page of the proposal tells the outcome all the same


class MailStatus(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


SUBMITTED_OR_LATER = frozenset(ProposalStatus) - {ProposalStatus.DRAFT}
"""Statuses of a proposal that has been handed in."""

IN_THE_RUNNING = frozenset({ProposalStatus.ELIGIBLE, ProposalStatus.SHORTLISTED})
"""Statuses from which a round's candidate list is taken."""

STANDING = IN_THE_RUNNING | {ProposalStatus.SUBMITTED, ProposalStatus.CORRECTION}
"""Statuses of a proposal that is handed in and neither left nor decided."""

LEFT = frozenset({ProposalStatus.WITHDRAWN, ProposalStatus.INELIGIBLE, ProposalStatus.MERGED})
"""Statuses of candidates that stay listed in their rounds, struck through; counts run without them."""

DECIDED = frozenset({ProposalStatus.SELECTED, ProposalStatus.RESERVE, ProposalStatus.NOT_SELECTED})
