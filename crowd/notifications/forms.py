"""The words of notices: their sentences in the product, their names on the preferences page."""

from collections.abc import Mapping
from typing import Any

from crowd.core.notices import NoticeGroup
from crowd.web.text import _, _l

GROUPS = {
    NoticeGroup.PROPOSALS: _l("Your proposals"),
    NoticeGroup.TEAMS: _l("Teams"),
    NoticeGroup.VOTING: _l("Voting"),
    NoticeGroup.REVIEWING: _l("Reviewing"),
    NoticeGroup.RESULTS: _l("Results and credit"),
    NoticeGroup.CONVERSATION: _l("Conversation"),
    NoticeGroup.ORGANIZING: _l("Calls you run"),
}

LABELS: dict[str, Any] = {
    "proposal_received": _l("A proposal of mine is received"),
    "correction_asked": _l("A correction is asked of me"),
    "correction_overdue": _l("A correction is overdue"),
    "found_eligible": _l("A proposal of mine takes part"),
    "found_ineligible": _l("A proposal of mine cannot take part"),
    "advanced": _l("A proposal of mine goes on to the next round"),
    "left_out": _l("A proposal of mine does not go on"),
    "deadline_near": _l("Three days before a deadline, when my draft is not handed in"),
    "schedule_shifted": _l("The dates of a call I take part in change"),
    "team_invitation": _l("I am invited to a team"),
    "team_answer": _l("Somebody I invited to a team answers"),
    "voting_opens": _l("A vote opens for me"),
    "candidate_added": _l("A proposal is added to a vote after I voted"),
    "review_assigned": _l("Proposals are assigned to me for review"),
    "review_due": _l("Three days before my reviews are due"),
    "review_overdue": _l("My reviews are overdue"),
    "outcome": _l("The decision about my proposal"),
    "outcome_corrected": _l("A decision about my proposal is corrected"),
    "credit_issued": _l("I am credited"),
    "credit_corrected": _l("My credit is corrected"),
    "results_published": _l("Results of a call I voted or wrote in"),
    "answer_to_mine": _l("An answer to my comment"),
    "comment_on_mine": _l("A comment on my proposal"),
    "comment_hidden": _l("A comment of mine is hidden"),
    "correction_made": _l("A correction I asked for is made"),
    "comment_to_organization": _l("A comment on a call I run"),
    "juror_answer": _l("A juror answers my invitation"),
}

SENTENCES: dict[str, Any] = {
    "proposal_received": _l("“%(proposal)s” is received."),
    "correction_asked": _l("“%(proposal)s” needs a correction: %(reason)s"),
    "correction_overdue": _l("The correction of “%(proposal)s” is overdue."),
    "found_eligible": _l("“%(proposal)s” takes part in “%(call)s”."),
    "found_ineligible": _l("“%(proposal)s” cannot take part in “%(call)s”: %(reason)s"),
    "advanced": _l("“%(proposal)s” goes on to the next round."),
    "left_out": _l("“%(proposal)s” does not go on to the next round: %(reason)s"),
    "deadline_near": _l("“%(call)s” closes in less than three days and your draft is not handed in."),
    "schedule_shifted": _l("The dates of “%(call)s” have changed: %(reason)s"),
    "team_invitation": _l("You are invited to the team of “%(proposal)s”."),
    "team_answer": _l("Somebody you invited to the team of “%(proposal)s” has answered."),
    "voting_opens": _l("The vote of “%(call)s” is open."),
    "candidate_added": _l("“%(proposal)s” was added to the vote of “%(call)s”. You may change your ballot."),
    "review_assigned": _l("A proposal of “%(call)s” is assigned to you for review."),
    "review_due": _l("Your reviews for “%(call)s” are due in less than three days."),
    "review_overdue": _l("Your reviews for “%(call)s” are overdue."),
    "outcome": _l("“%(proposal)s” is decided: %(reason)s"),
    "outcome_corrected": _l("What was published about “%(proposal)s” is corrected: %(reason)s"),
    "credit_issued": _l("You are credited for “%(proposal)s”."),
    "credit_corrected": _l("Your credit for “%(proposal)s” is corrected: %(reason)s"),
    "results_published": _l("The results of “%(call)s” are published."),
    "answer_to_mine": _l("Your comment in “%(call)s” has an answer."),
    "comment_on_mine": _l("Your proposal “%(proposal)s” has a new comment."),
    "comment_hidden": _l("A comment of yours in “%(call)s” was hidden: %(reason)s"),
    "correction_made": _l("“%(proposal)s” was corrected and waits for screening again."),
    "comment_to_organization": _l("“%(call)s” has a new comment."),
    "juror_answer": _l("A juror of “%(call)s” has answered your invitation."),
}


def sentence_of(kind: str, data: Mapping[str, Any]) -> str:
    """A notice in the reader's language."""
    words = {"proposal": "", "call": "", "reason": "", **data}
    return str(SENTENCES[kind]) % {**words, "proposal": words["proposal"] or _("Untitled")}
