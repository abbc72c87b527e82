"""What can happen, in the past tense. An event row is the audit entry: ids and short values only, never text of people or tokens."""

from enum import StrEnum


class EventKind(StrEnum):
    ACCOUNT_SIGNED_UP = "account:signed_up"
    ACCOUNT_VERIFIED = "account:verified"
    ACCOUNT_PASSWORD_CHANGED = "account:password_changed"
    ACCOUNT_NEW_DEVICE = "account:new_device"  # signed in where it never was before
    ACCOUNT_SECURED = "account:secured"  # by somebody who was told of a sign-in that was not theirs
    ACCOUNT_ADDRESS_CHANGED = "account:address_changed"
    ACCOUNT_ADDRESS_RESTORED = "account:address_restored"
    ACCOUNT_BLOCKED = "account:blocked"
    ACCOUNT_UNBLOCKED = "account:unblocked"
    ACCOUNT_DATA_EXPORTED = "account:data_exported"  # one's own
    ACCOUNT_ERASURE_ASKED = "account:erasure_asked"  # it happens after a while
    ACCOUNT_ERASURE_UNDONE = "account:erasure_undone"
    ACCOUNT_ERASED = "account:erased"  # by its owner (no actor), or by an administrator with a reason
    LEGAL_TEXT_PUBLISHED = "legal_text:published"
    ORGANIZATION_REQUESTED = "organization:requested"
    ORGANIZATION_APPROVED = "organization:approved"
    ORGANIZATION_REFUSED = "organization:refused"
    ORGANIZATION_EDITED = "organization:edited"
    MEMBER_INVITED = "member:invited"
    MEMBER_JOINED = "member:joined"
    MEMBER_ROLE_CHANGED = "member:role_changed"
    MEMBER_REMOVED = "member:removed"
    CALL_CREATED = "call:created"
    CALL_COVER_CHANGED = "call:cover_changed"
    CALL_PUBLISHED = "call:published"
    CALL_PAUSED = "call:paused"
    CALL_RESUMED = "call:resumed"
    CALL_EXTENDED = "call:extended"
    CALL_CLOSED_EARLY = "call:closed_early"
    CALL_CLOSING_ANNOUNCED = "call:closing_announced"  # 24 h notice of an early close
    CALL_CANCELLED = "call:cancelled"
    CALL_ENDED = "call:ended"
    CALL_ARCHIVED = "call:archived"
    CALL_TEMPLATE_KEPT = "call:template_kept"
    CALL_TEMPLATE_REMOVED = "call:template_removed"
    CALL_UNARCHIVED = "call:unarchived"
    LATE_PERMIT_GIVEN = "late_permit:given"
    LATE_PERMIT_REVOKED = "late_permit:revoked"
    INVITATION_MADE = "invitation:made"
    INVITATION_REVOKED = "invitation:revoked"
    GUEST_ADMITTED = "guest:admitted"
    CALL_AMENDED = "call:amended"  # the amended rules are in force
    AMENDMENT_PROPOSED = "amendment:proposed"  # it waits for consent
    AMENDMENT_ASKED = "amendment:asked"  # of somebody who handed in meanwhile
    AMENDMENT_ANSWERED = "amendment:answered"
    AMENDMENT_LAPSED = "amendment:lapsed"
    AMENDMENT_DROPPED = "amendment:dropped"
    PROPOSAL_CREATED = "proposal:created"
    PROPOSAL_ENTERED = "proposal:entered"  # by the organization, on behalf of somebody
    PROPOSAL_CLAIMED = "proposal:claimed"  # by the person for whom it was entered
    PROPOSAL_CLAIM_REFUSED = "proposal:claim_refused"  # by the limit per person
    PROPOSAL_SUBMITTED = "proposal:submitted"
    PROPOSAL_EDITED = "proposal:edited"
    PROPOSAL_REDACTED = "proposal:redacted"  # a text without names was stored beside it, or taken away
    PROPOSAL_WITHDRAWN = "proposal:withdrawn"
    PROPOSAL_SHOWN = "proposal:shown"  # on somebody's own profile, or hidden there: `target`
    PROPOSAL_CORRECTION_ASKED = "proposal:correction_asked"
    PROPOSAL_CORRECTED = "proposal:corrected"
    PROPOSAL_FOUND_ELIGIBLE = "proposal:found_eligible"
    PROPOSAL_FOUND_INELIGIBLE = "proposal:found_ineligible"
    PROPOSAL_SCREENING_UNDONE = "proposal:screening_undone"
    PROPOSAL_ADVANCED = "proposal:advanced"
    PROPOSAL_LEFT_OUT = "proposal:left_out"
    PROPOSAL_DISQUALIFIED = "proposal:disqualified"
    PROPOSAL_MERGED = "proposal:merged"  # into another of its call, `subject_id`
    PROPOSAL_TOOK_IN = "proposal:took_in"  # the other's side of it
    PROPOSAL_MERGE_UNDONE = "proposal:merge_undone"  # once for either
    BALLOTS_MOVED = "ballots:moved"  # in an open vote, with a merged proposal; `count` of them
    COLLEAGUE_ASSIGNED = "colleague:assigned"  # looks after proposals; `count` of them
    PROPOSALS_EXPORTED = "proposals:exported"
    MESSAGE_STARTED = "message:started"
    MESSAGE_STOPPED = "message:stopped"
    PROPOSAL_HIDDEN = "proposal:hidden"  # by moderation
    PROPOSAL_UNHIDDEN = "proposal:unhidden"
    REPORT_MADE = "report:made"
    REPORT_DECIDED = "report:decided"
    TEAM_INVITED = "team:invited"
    TEAM_ACCEPTED = "team:accepted"
    TEAM_DECLINED = "team:declined"
    TEAM_REMOVED = "team:removed"
    JOIN_ASKED = "join:asked"  # somebody asks to be taken into a team
    JOIN_ACCEPTED = "join:accepted"  # the invitation tells them
    JOIN_DECLINED = "join:declined"
    TEAM_TERMS_ASKED = "team:terms_asked"  # other shares or roles, to whoever is in the team
    TEAM_TERMS_ACCEPTED = "team:terms_accepted"  # by one of them
    TEAM_TERMS_AGREED = "team:terms_agreed"  # by all: the shares are in force
    TEAM_LEAD_OFFERED = "team:lead_offered"
    TEAM_LEAD_CHANGED = "team:lead_changed"
    ROUND_OPENED = "round:opened"  # its candidate list is frozen
    ROUND_CANDIDATE_ADDED = "round:candidate_added"
    ROUND_IDEA_ADDED = "round:idea_added"  # by the rules, which let proposals join an open vote: nobody is written to
    ROUND_COUNTED = "round:counted"
    ELECTORS_ADDED = "round:electors_added"
    ELECTOR_REMOVED = "round:elector_removed"
    CODES_MADE = "round:codes_made"
    CODE_REVOKED = "round:code_revoked"
    BALLOT_SET_ASIDE = "ballot:set_aside"  # by its key, with the reason that is published
    BALLOT_TAKEN_BACK_IN = "ballot:taken_back_in"
    BALLOT_CAST = "ballot:cast"
    BALLOT_CHANGED = "ballot:changed"
    BALLOT_WITHDRAWN = "ballot:withdrawn"
    JUROR_INVITED = "juror:invited"
    JUROR_ACCEPTED = "juror:accepted"
    JUROR_DECLINED = "juror:declined"
    JUROR_REMOVED = "juror:removed"
    JUROR_REMINDED = "juror:reminded"
    JUROR_LINK_SHOWN = "juror:link_shown"  # to a chair, who may copy it
    JUROR_CHAIR_SET = "juror:chair_set"
    CONFLICT_DECLARED = "conflict:declared"
    CONFLICT_CONFIRMED = "conflict:confirmed"
    CONFLICT_SET_ASIDE = "conflict:set_aside"
    CONFLICT_TAKEN_BACK = "conflict:taken_back"
    REVIEW_ASSIGNED = "review:assigned"
    REVIEW_UNASSIGNED = "review:unassigned"
    REVIEW_SUBMITTED = "review:submitted"
    REVIEW_RECUSED = "review:recused"
    PANEL_OPENED = "panel:opened"  # because the reviews of a proposal lie far apart
    PANEL_REMARK = "panel:remark"  # to those who reviewed the same proposal
    VERDICT_SET = "verdict:set"
    VERDICT_CONFIRMED = "verdict:confirmed"  # by somebody without a stake
    LETTER_EDITED = "letter:edited"  # to the author `subject_id`, before it is sent; or sent after it was held back
    RESULTS_PUBLISHED = "results:published"
    OUTCOME_PUBLISHED = "outcome:published"
    OUTCOME_CORRECTED = "outcome:corrected"
    OBJECTION_FILED = "objection:filed"
    OBJECTION_WITHDRAWN = "objection:withdrawn"
    OBJECTION_ANSWERED = "objection:answered"
    RESULTS_FINAL = "results:final"  # no objection is taken or open any more
    SELECTION_DECLINED = "selection:declined"  # by the authors of a selected proposal
    SELECTION_TAKEN_UP = "selection:taken_up"  # declining was undone
    RESERVE_MOVED_UP = "reserve:moved_up"
    PLACE_LEFT_EMPTY = "place:left_empty"  # nobody moves up into it
    CREDIT_ISSUED = "credit:issued"
    CREDIT_CORRECTED = "credit:corrected"
    CREDIT_SHOWN = "credit:shown"  # or hidden, by the person: `target`
    CREDENTIAL_ISSUED = "credential:issued"
    CREDENTIAL_REVOKED = "credential:revoked"
    ISSUER_KEY_ROTATED = "issuer_key:rotated"
    ENDORSEMENT_WRITTEN = "endorsement:written"
    ENDORSEMENT_REMOVED = "endorsement:removed"
    ENDORSEMENT_HIDDEN = "endorsement:hidden"  # by moderation; `subject_id` is the endorsement
    ENDORSEMENT_RESTORED = "endorsement:restored"
    CONTRIBUTION_MARKED = "contribution:marked"  # a comment is credited
    CONTRIBUTION_UNMARKED = "contribution:unmarked"
    AWARD_GIVEN = "award:given"
    AWARD_EDITED = "award:edited"
    AWARD_SHOWN = "award:shown"  # to everybody, or no longer
    AWARD_TAKEN_BACK = "award:taken_back"
    AWARD_ACCEPTED = "award:accepted"  # by a receiver; `subject_id` is the part
    AWARD_DECLINED = "award:declined"
    AWARD_PAID = "award:paid"  # noted as paid
    AWARD_UNPAID = "award:unpaid"
    OBLIGATION_ADDED = "obligation:added"
    OBLIGATION_MET = "obligation:met"
    OBLIGATION_REOPENED = "obligation:reopened"
    AWARDS_EXPORTED = "awards:exported"
    MILESTONE_SET = "milestone:set"  # added, edited or removed, by `target`
    MILESTONE_REACHED = "milestone:reached"
    UPDATE_POSTED = "update:posted"
    UPDATE_EDITED = "update:edited"
    UPDATE_REMOVED = "update:removed"
    COMMENT_POSTED = "comment:posted"
    COMMENT_EDITED = "comment:edited"
    COMMENT_DELETED = "comment:deleted"
    COMMENT_HIDDEN = "comment:hidden"
    COMMENT_RESTORED = "comment:restored"
    STAGE_OPENED = "stage:opened"  # announced by the clock job, once per stage
    DEADLINE_NEAR = "deadline:near"  # 3 days and 1 day before submission closes
    REVIEW_DUE = "review:due"  # 3 days before a review round closes
    REVIEW_OVERDUE = "review:overdue"
    CONSENT_DUE = "consent:due"  # two days before an amendment is decided
    CORRECTION_DUE = "correction:due"  # a day before
    CORRECTION_OVERDUE = "correction:overdue"
    VOTING_CLOSES = "voting:closes"  # a day before
    OBJECTION_ENDS = "objection:ends"  # two days before


TRAIL_ONLY: frozenset[EventKind] = frozenset(
    {
        EventKind.ACCOUNT_SIGNED_UP,
        EventKind.ACCOUNT_PASSWORD_CHANGED,
        EventKind.ACCOUNT_NEW_DEVICE,
        EventKind.ACCOUNT_SECURED,
        EventKind.ACCOUNT_ADDRESS_RESTORED,
        EventKind.ACCOUNT_BLOCKED,
        EventKind.ACCOUNT_UNBLOCKED,
        EventKind.ACCOUNT_DATA_EXPORTED,
        EventKind.ACCOUNT_ERASURE_ASKED,
        EventKind.ACCOUNT_ERASURE_UNDONE,
        EventKind.ACCOUNT_ERASED,
        EventKind.LEGAL_TEXT_PUBLISHED,
        EventKind.ORGANIZATION_REQUESTED,
        EventKind.ORGANIZATION_APPROVED,
        EventKind.ORGANIZATION_REFUSED,
        EventKind.ORGANIZATION_EDITED,
        EventKind.MEMBER_INVITED,
        EventKind.MEMBER_ROLE_CHANGED,
        EventKind.MEMBER_REMOVED,
        EventKind.CALL_CREATED,
        EventKind.CALL_COVER_CHANGED,
        EventKind.CALL_PUBLISHED,
        EventKind.AMENDMENT_ANSWERED,
        EventKind.ROUND_IDEA_ADDED,
        EventKind.CALL_ARCHIVED,
        EventKind.CALL_TEMPLATE_KEPT,
        EventKind.CALL_TEMPLATE_REMOVED,
        EventKind.CALL_UNARCHIVED,
        EventKind.LATE_PERMIT_GIVEN,
        EventKind.LATE_PERMIT_REVOKED,
        EventKind.INVITATION_MADE,
        EventKind.INVITATION_REVOKED,
        EventKind.GUEST_ADMITTED,
        EventKind.PROPOSAL_CREATED,
        EventKind.PROPOSAL_ENTERED,
        EventKind.PROPOSAL_CLAIMED,
        EventKind.PROPOSAL_CLAIM_REFUSED,
        EventKind.PROPOSAL_WITHDRAWN,
        EventKind.PROPOSAL_SCREENING_UNDONE,
        EventKind.PROPOSALS_EXPORTED,
        EventKind.JOIN_ACCEPTED,
        EventKind.MESSAGE_STARTED,
        EventKind.MESSAGE_STOPPED,
        EventKind.TEAM_TERMS_ACCEPTED,
        EventKind.ELECTORS_ADDED,
        EventKind.ELECTOR_REMOVED,
        EventKind.CODES_MADE,
        EventKind.CODE_REVOKED,
        EventKind.BALLOT_SET_ASIDE,
        EventKind.BALLOT_TAKEN_BACK_IN,
        EventKind.BALLOT_CAST,
        EventKind.BALLOT_CHANGED,
        EventKind.BALLOT_WITHDRAWN,
        EventKind.OBJECTION_WITHDRAWN,
        EventKind.JUROR_REMINDED,
        EventKind.JUROR_LINK_SHOWN,
        EventKind.JUROR_CHAIR_SET,
        EventKind.CONFLICT_CONFIRMED,
        EventKind.PROPOSAL_REDACTED,
        EventKind.CONFLICT_SET_ASIDE,
        EventKind.CONFLICT_TAKEN_BACK,
        EventKind.REVIEW_SUBMITTED,
        EventKind.VERDICT_SET,
        EventKind.VERDICT_CONFIRMED,
        EventKind.PLACE_LEFT_EMPTY,
        EventKind.COMMENT_EDITED,
        EventKind.CREDIT_SHOWN,
        EventKind.PROPOSAL_SHOWN,
        EventKind.CREDENTIAL_ISSUED,
        EventKind.CREDENTIAL_REVOKED,
        EventKind.ISSUER_KEY_ROTATED,
        EventKind.ENDORSEMENT_REMOVED,
        EventKind.CONTRIBUTION_UNMARKED,
        EventKind.AWARD_SHOWN,
        EventKind.AWARDS_EXPORTED,
        EventKind.OBLIGATION_ADDED,
        EventKind.OBLIGATION_MET,
        EventKind.OBLIGATION_REOPENED,
        EventKind.MILESTONE_SET,
        EventKind.UPDATE_EDITED,
        EventKind.UPDATE_REMOVED,
        EventKind.LETTER_EDITED,
    }
)
"""Kept as the audit trail alone."""
