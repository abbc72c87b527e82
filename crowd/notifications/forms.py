"""The words of notices: their sentences in the product, their names and channels on the preferences page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crowd.core.notices import DIGEST, KINDS, Channel, NoticeGroup, NoticeKind, Why
from crowd.web.text import _, _l
from crowd.web.times import absolute

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
    "correction_due": _l("One day before a correction is due"),
    "correction_overdue": _l("A correction is overdue"),
    "found_eligible": _l("A proposal of mine takes part"),
    "found_ineligible": _l("A proposal of mine cannot take part"),
    "advanced": _l("A proposal of mine goes on to the next round"),
    "left_out": _l("A proposal of mine does not go on"),
    "merged": _l("A proposal of mine is merged with another"),
    "merge_undone": _l("The merging of a proposal of mine is undone"),
    "votes_moved": _l("My ballot changes because proposals are merged"),
    "deadline_near": _l("Three days and one day before a deadline, when my draft is not handed in"),
    "schedule_shifted": _l("The dates of a call I take part in change"),
    "objection_ends": _l("Two days before the time for objections ends"),
    "call_amended": _l("The rules of a call I take part in are amended"),
    "consent_asked": _l("My consent to an amendment is asked"),
    "consent_due": _l("Two days before an amendment is decided that I have not answered"),
    "amendment_ended": _l("An amendment I was asked about does not come into force"),
    "team_invitation": _l("I am invited to a team"),
    "team_answer": _l("Somebody I invited to a team answers"),
    "join_asked": _l("Somebody asks to join a team of mine"),
    "join_declined": _l("A team I asked to join stays as it is"),
    "team_question": _l("I am asked to agree to shares, or to lead a team"),
    "team_changed": _l("A team of mine changes"),
    "team_left": _l("I am taken out of a team"),
    "voting_opens": _l("A vote opens for me"),
    "voting_closes": _l("One day before a vote closes in which I have not voted"),
    "candidate_added": _l("A proposal is added to a vote after I voted"),
    "review_assigned": _l("Proposals are assigned to me for review"),
    "review_due": _l("Three days before my reviews are due"),
    "review_overdue": _l("My reviews are overdue"),
    "panel_opened": _l("The reviews of a proposal I reviewed, or of my jury, lie far apart"),
    "panel_remark": _l("Somebody of the panel writes about a proposal I reviewed"),
    "chair_needed": _l("I have to decide as the chair of a jury"),
    "outcome": _l("The decision about my proposal"),
    "outcome_corrected": _l("A decision about my proposal is corrected"),
    "objection_filed": _l("Somebody objects to a result that I may judge"),
    "objection_to_mine": _l("Somebody objects to the result of my proposal"),
    "objection_answered": _l("An objection of mine, or about my proposal, is answered"),
    "results_final": _l("Results of a call I took part in become final"),
    "selection_declined": _l("My team declines a place"),
    "selection_taken_up": _l("A declined place is taken up after all"),
    "moved_up": _l("A proposal of mine moves up from the reserve list"),
    "place_free": _l("The authors of a selected proposal decline in a call I run"),
    "credit_issued": _l("I am credited"),
    "credit_corrected": _l("My credit is corrected"),
    "endorsed": _l("Somebody endorses my part"),
    "comment_credited": _l("A comment of mine is credited"),
    "award_given": _l("A prize is given to me, changed or taken back"),
    "award_paid": _l("My part of a prize is noted as paid"),
    "award_answer": _l("Somebody accepts or declines a prize in a call I run"),
    "followed_up": _l("What became of a proposal I wrote, commented on or voted among"),
    "results_published": _l("Results of a call I voted or wrote in"),
    "answer_to_mine": _l("An answer to my comment"),
    "comment_on_mine": _l("A comment on my proposal"),
    "comment_hidden": _l("A comment of mine is hidden"),
    "proposal_hidden": _l("A proposal of mine is hidden"),
    "shown_again": _l("What was hidden of mine is shown again"),
    "report_decided": _l("What I reported is decided"),
    "reported": _l("Something is reported in a call I look after"),
    "correction_made": _l("A correction I asked for is made"),
    "comment_to_organization": _l("A comment on a call I run"),
    "message": _l("An organization writes to a group that I am in"),
    "colleague_assigned": _l("Proposals are given to me to look after"),
    "juror_answer": _l("A juror answers my invitation"),
}

CHANNELS: dict[Channel, Any] = {
    Channel.OFF: _l("Not at all"),
    Channel.PRODUCT: _l("Here only"),
    Channel.AT_ONCE: _l("Here and by mail at once"),
    Channel.DAILY: _l("Here and in a daily mail"),
    Channel.WEEKLY: _l("Here and in a weekly mail"),
}

ALWAYS: dict[Why, Any] = {
    Why.OUTCOME: _l("Always here and by mail: it is a decision about your own proposal."),
    Why.CHOSEN: _l("Always here; the invitation itself comes by mail."),
}
"""Of kinds that leave no choice."""

SENTENCES: dict[str, Any] = {
    "proposal_received": _l("“%(proposal)s” is received."),
    "correction_asked": _l("“%(proposal)s” needs a correction: %(reason)s"),
    "correction_due": _l("The correction of “%(proposal)s” is due within a day."),
    "correction_overdue": _l("The correction of “%(proposal)s” is overdue."),
    "found_eligible": _l("“%(proposal)s” takes part in “%(call)s”."),
    "found_ineligible": _l("“%(proposal)s” cannot take part in “%(call)s”: %(reason)s"),
    "advanced": _l("“%(proposal)s” goes on to the next round."),
    "left_out": _l("“%(proposal)s” does not go on to the next round: %(reason)s"),
    "merged": _l("“%(proposal)s” and “%(other_title)s” are merged: %(reason)s"),
    "merge_undone": _l("The merging of “%(proposal)s” with “%(other_title)s” is undone."),
    "votes_moved": _l(
        "“%(proposal)s” was merged into “%(other_title)s”, and so your ballot names that one now. You may change it."
    ),
    "deadline_near": _l("“%(call)s” closes %(until)s and your draft is not handed in."),
    "schedule_shifted": _l("The dates of “%(call)s” have changed: %(reason)s"),
    "objection_ends": _l("The time for objections in “%(call)s” ends within two days."),
    "call_amended": _l("The rules of “%(call)s” were amended: %(reason)s"),
    "consent_due": _l("The amendment of “%(call)s” is decided within two days and your answer is missing."),
    "consent_asked": _l("“%(call)s” asks whether you accept amended rules: %(reason)s"),
    "amendment_ended": _l("The amendment of “%(call)s” does not come into force. The rules stay as they were."),
    "team_invitation": _l("You are invited to the team of “%(proposal)s”."),
    "team_answer": _l("Somebody you invited to the team of “%(proposal)s” has answered."),
    "join_asked": _l("Somebody asks to join the team of “%(proposal)s”."),
    "join_declined": _l("The team of “%(proposal)s” stays as it is: your request was declined."),
    "team_question": _l("The team of “%(proposal)s” asks for your agreement."),
    "team_changed": _l("The team of “%(proposal)s” has changed: see who is in it, who leads and which shares hold."),
    "team_left": _l("You are no longer in the team of “%(proposal)s”."),
    "voting_opens": _l("The vote of “%(call)s” is open."),
    "voting_closes": _l("The vote of “%(call)s” closes within a day and you have not voted."),
    "candidate_added": _l("“%(proposal)s” was added to the vote of “%(call)s”. You may change your ballot."),
    "review_assigned": _l("A proposal of “%(call)s” is assigned to you for review."),
    "review_due": _l("Your reviews for “%(call)s” are due in less than three days."),
    "review_overdue": _l("Your reviews for “%(call)s” are overdue."),
    "panel_opened": _l(
        "In “%(call)s” the reviews of “%(proposal)s” lie far apart: the panel is asked to talk about it."
    ),
    "panel_remark": _l("The panel of “%(call)s” talks about a proposal that you reviewed."),
    "chair_needed": _l(
        "In “%(call)s” every manager has a stake in a proposal: you decide it as the chair of the jury."
    ),
    "outcome": _l("“%(proposal)s” is decided: %(reason)s"),
    "outcome_corrected": _l("What was published about “%(proposal)s” is corrected: %(reason)s"),
    "objection_filed": _l(
        "Somebody objects to the results of “%(call)s”. You may answer it, since you did not decide it."
    ),
    "objection_to_mine": _l("Somebody objects to the result of “%(proposal)s”."),
    "objection_answered": _l("An objection to the results of “%(call)s” is answered: %(reason)s"),
    "results_final": _l("The results of “%(call)s” are final."),
    "selection_declined": _l("The lead author declined the place of “%(proposal)s” for the team: %(reason)s"),
    "selection_taken_up": _l("The authors of “%(proposal)s” have taken the place up after all."),
    "moved_up": _l("“%(proposal)s” has moved up from the reserve list: it is selected. %(reason)s"),
    "place_free": _l("The authors of “%(proposal)s” have declined: a place in “%(call)s” is free."),
    "credit_issued": _l("You are credited for “%(proposal)s”."),
    "credit_corrected": _l("Your credit for “%(proposal)s” is corrected: %(reason)s"),
    "endorsed": _l("Somebody wrote an endorsement of your part in “%(proposal)s”."),
    "comment_credited": _l("The authors of “%(proposal)s” credit your comment."),
    "award_given": _l("A prize for “%(proposal)s” was noted, changed or taken back: see your prizes."),
    "award_paid": _l("What is noted about the payment of your prize for “%(proposal)s” has changed."),
    "award_answer": _l("A receiver of the prize for “%(proposal)s” has answered."),
    "followed_up": _l("There is news of what became of “%(proposal)s”."),
    "results_published": _l("The results of “%(call)s” are published."),
    "answer_to_mine": _l("Your comment in “%(call)s” has an answer."),
    "comment_on_mine": _l("Your proposal “%(proposal)s” has a new comment."),
    "proposal_hidden": _l("“%(proposal)s” was hidden by a moderator: %(reason)s"),
    "shown_again": _l("What a moderator had hidden of yours in “%(call)s” is shown again."),
    "report_decided": _l("A moderator looked at what you reported in “%(call)s”."),
    "reported": _l("Something in “%(call)s” was reported and waits for a moderator."),
    "comment_hidden": _l("A comment of yours in “%(call)s” was hidden: %(reason)s"),
    "correction_made": _l("“%(proposal)s” was corrected and waits for screening again."),
    "comment_to_organization": _l("“%(call)s” has a new comment."),
    "message": _l("The organization of “%(call)s” writes to you."),
    "colleague_assigned": _l("Proposals of “%(call)s” are given to you to look after: %(count)s."),
    "juror_answer": _l("A juror of “%(call)s” has answered your invitation."),
}


def sentence_of(kind: str, data: Mapping[str, Any]) -> str:
    """A notice in the reader's language."""
    words = {"proposal": "", "call": "", "reason": "", "other_title": "", **data}
    until = absolute(datetime.fromisoformat(words["until"])) if words.get("until") else _("soon")
    return str(SENTENCES[kind]) % {**words, "proposal": words["proposal"] or _("Untitled"), "until": until}


def name_of(key: str) -> str:
    """What a kind of mails is called where it is stopped."""
    return _("Daily and weekly mails") if key == DIGEST else str(LABELS[key])


@dataclass(frozen=True)
class Line:
    """One row of the preferences page; `choices` is empty where there is nothing to choose."""

    key: str
    label: Any
    channel: Channel
    choices: tuple[tuple[str, Any], ...]
    always: Any


def table_of(chosen: Mapping[str, Channel]) -> list[tuple[Any, list[Line]]]:
    """The kinds by groups, each with the channel that holds now."""
    return [(GROUPS[group], [_line(kind, chosen) for kind in KINDS if kind.group is group]) for group in NoticeGroup]


def _line(kind: NoticeKind, chosen: Mapping[str, Channel]) -> Line:
    channel = chosen.get(kind.key, kind.default)
    choices = tuple((offered.value, CHANNELS[offered]) for offered in kind.offers) if kind.is_optional else ()
    return Line(
        kind.key,
        LABELS[kind.key],
        channel if channel in kind.offers else kind.default,
        choices,
        "" if kind.is_optional else ALWAYS[kind.why],
    )


def chosen_channels(fields: Mapping[str, str]) -> dict[str, Channel]:
    """What a posted table says; anything unknown is left as it was."""
    known = {channel.value for channel in Channel}
    return {kind.key: Channel(fields[kind.key]) for kind in KINDS if fields.get(kind.key) in known}
