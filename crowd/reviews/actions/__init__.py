"""What the jury and its chair do. Each action judges again under the lock and records its event in the same commit."""

from crowd.reviews.actions.answers import accept_invitation, declare_conflicts, decline_invitation, prove_account
from crowd.reviews.actions.assigning import (
    Reassigned,
    assign,
    assign_pairs,
    describe_juror,
    note_conflict,
    reassign_open,
    unassign,
)
from crowd.reviews.actions.conflicts import Tie, confirm_conflict, set_conflict_aside, take_conflict_back
from crowd.reviews.actions.discussing import open_discussion
from crowd.reviews.actions.inviting import (
    REMIND_AFTER,
    invite_juror,
    remind_jurors,
    remove_juror,
    replace_links,
    resend_invitation,
    send_invitation,
    set_chair,
    show_link,
)
from crowd.reviews.actions.links import copied_token, digest, mailed_token
from crowd.reviews.actions.panel import say_as_chair, say_as_juror
from crowd.reviews.actions.reviewing import recuse, save_review, skip
from crowd.reviews.actions.ties import keep_ties

__all__ = [
    "REMIND_AFTER",
    "Reassigned",
    "Tie",
    "accept_invitation",
    "assign",
    "assign_pairs",
    "confirm_conflict",
    "copied_token",
    "declare_conflicts",
    "decline_invitation",
    "describe_juror",
    "digest",
    "invite_juror",
    "keep_ties",
    "mailed_token",
    "note_conflict",
    "open_discussion",
    "prove_account",
    "reassign_open",
    "recuse",
    "remind_jurors",
    "remove_juror",
    "replace_links",
    "resend_invitation",
    "save_review",
    "say_as_chair",
    "say_as_juror",
    "send_invitation",
    "set_chair",
    "set_conflict_aside",
    "show_link",
    "skip",
    "take_conflict_back",
    "unassign",
]
