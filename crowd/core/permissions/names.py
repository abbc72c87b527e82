"""Every permission, `noun:verb`; the comment names the subject's facts."""

from enum import StrEnum


class Permission(StrEnum):
    """`noun:verb`; the comment names the subject's facts."""

    SIGNED_IN = "account:use"  # None
    SITE_ADMIN = "site:admin"  # None
    ORGANIZATION_REQUEST = "organization:request"  # None
    ORGANIZATION_VIEW = "organization:view"  # OrganizationFacts
    ORGANIZATION_EDIT = "organization:edit"
    ORGANIZATION_MEMBERS = "organization:members"
    ORGANIZATION_APPOINT = "organization:appoint"
    ORGANIZATION_MAILS = "organization:mails"
    CALL_CREATE = "call:create"  # OrganizationFacts
    CALL_VIEW = "call:view"  # CallFacts
    CALL_EDIT = "call:edit"  # write its draft, or an amendment that was begun
    CALL_DELETE = "call:delete"
    CALL_AMEND = "call:amend"
    CALL_PUBLISH = "call:publish"
    CALL_SCHEDULE = "call:schedule"
    CALL_MANAGE = "call:manage"  # counts, mails and lists of staff
    REHEARSAL_RUN = "rehearsal:run"  # CallFacts
    PROPOSAL_CREATE = "proposal:create"  # CallFacts
    DESK_VIEW = "desk:view"  # CallFacts: the table of proposals, labels, export
    DESK_NOTE = "desk:note"  # ProposalFacts: what the organization keeps for itself about it
    MESSAGE_SEND = "message:send"  # CallFacts: to a group of people
    PROPOSAL_IMPORT = "proposal:import"  # CallFacts: many at once, from a file
    PROPOSAL_ENTER = "proposal:enter"  # CallFacts: on behalf of somebody
    SCREENING_VIEW = "screening:view"  # CallFacts
    PROPOSAL_VIEW = "proposal:view"  # ProposalFacts
    PROPOSAL_EDIT = "proposal:edit"
    PROPOSAL_REVISE = "proposal:revise"  # hand a change to the judge: authors, or who entered it for somebody
    PROPOSAL_ANSWER = "proposal:answer"  # questions that came with a later stage
    PROPOSAL_SUBMIT = "proposal:submit"
    PROPOSAL_RECEIPT = "proposal:receipt"
    PROPOSAL_DELETE = "proposal:delete"
    PROPOSAL_WITHDRAW = "proposal:withdraw"
    PROPOSAL_TEAM = "proposal:team"
    PROPOSAL_JOIN = "proposal:join"  # ask to be taken into the team
    PROPOSAL_SHARES = "proposal:shares"  # order, roles, shares, the lead: also after the close
    PROPOSAL_WORK = "proposal:work"  # pages of the team: members, files
    TEAM_AGREE = "team:agree"  # to what the lead proposes
    TEAM_ANSWER = "team:answer"  # whoever holds the invitation's link
    AMENDMENT_ANSWER = "amendment:answer"  # ProposalFacts
    PROPOSAL_SCREEN = "proposal:screen"
    PROPOSAL_REPORT = "proposal:report"
    PROPOSAL_HIDE = "proposal:hide"
    ROUND_VIEW = "round:view"  # RoundFacts
    ROUND_VOTE = "round:vote"
    ROUND_VOTE_BY_CODE = "round:vote_by_code"  # the electorate is whoever holds a code
    ROUND_COUNTS = "round:counts"  # interim or final numbers
    ROUND_MANAGE = "round:manage"  # confirm the candidate list, invite jurors, assign
    ROUND_CHAIR = "round:chair"  # mean, spread, progress, reminders
    ROUND_ASSIGN = "round:assign"  # proposals to jurors
    REVIEWS_VIEW = "reviews:view"  # RoundFacts: one's own queue, or the chair's view
    REVIEW_VIEW = "review:view"  # AssignmentFacts
    REVIEW_WRITE = "review:write"
    SELECTION_VIEW = "selection:view"  # CallFacts: decision room
    SELECTION_DECIDE = "selection:decide"  # ProposalFacts: advance, verdict
    SELECTION_STAND_IN = "selection:stand_in"  # ChairFacts: decide where managers have a stake
    SELECTION_PUBLISH = "selection:publish"  # CallFacts
    SELECTION_CORRECT = "selection:correct"  # CallFacts
    SELECTION_DECLINE = "selection:decline"  # ProposalFacts: the authors do not take the place
    SELECTION_TAKE_UP = "selection:take_up"  # ProposalFacts: they do after all
    AWARDS_VIEW = "awards:view"  # CallFacts: the prize ledger
    AWARD_GIVE = "award:give"  # ProposalFacts
    AWARD_SETTLE = "award:settle"  # ProposalFacts: payments and obligations of its prizes
    MILESTONE_SET = "milestone:set"  # ProposalFacts
    UPDATE_POST = "update:post"  # ProposalFacts: how it goes
    RESULTS_VIEW = "results:view"  # CallFacts
    COMMENT_CREATE = "comment:create"  # CallFacts or ProposalFacts
    COMMENT_VIEW = "comment:view"  # CommentFacts
    COMMENT_EDIT = "comment:edit"
    COMMENT_UNDELETE = "comment:undelete"
    COMMENT_HIDE = "comment:hide"
    COMMENT_REPORT = "comment:report"
