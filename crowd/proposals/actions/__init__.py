"""Changing proposals. Each action judges again on the locked row and records its event in the same commit."""

from crowd.proposals.actions.answering import answer_later, attach_answers, drop_answers
from crowd.proposals.actions.attaching import attach_files, remove_file, restore_file
from crowd.proposals.actions.blind import drop_redaction, store_redaction
from crowd.proposals.actions.counts import fold_counts
from crowd.proposals.actions.entering import claim_entry, enter_proposal, insert_entered, note_refused_claim
from crowd.proposals.actions.erasing import erase_person
from crowd.proposals.actions.handing_in import delete_draft, hand_in, withdraw_proposal
from crowd.proposals.actions.hiding import hide_proposal, unhide_proposal
from crowd.proposals.actions.joining import accept_join, ask_to_join, decline_join, say_difference
from crowd.proposals.actions.leaving import accept_lead, decline_invitation, end_lead_offer, offer_lead, remove_member
from crowd.proposals.actions.members import active_of, team_of
from crowd.proposals.actions.merging import NewToken, merge_into, standing_merge, undo_merge
from crowd.proposals.actions.moves import (
    apply_move,
    declare_conflict,
    grant_reader,
    lift_conflict,
    move_proposal,
    revoke_reader,
)
from crowd.proposals.actions.presence import note_presence
from crowd.proposals.actions.screening import screen_many, screen_proposal, undo_many, undo_screening
from crowd.proposals.actions.shares import agree, is_asked, set_own_roles, set_places, terms_of
from crowd.proposals.actions.showing import show_proposal
from crowd.proposals.actions.team import (
    accept_invitation,
    adopt_invitations,
    invite_again,
    invite_member,
    token_hash,
)
from crowd.proposals.actions.visiting import (
    ANY_PERSON,
    KEPT_FOR,
    claim_visitor_draft,
    drop_old_visitor_drafts,
    drop_visitor_draft,
    save_visitor_draft,
)
from crowd.proposals.actions.writing import (
    add_version,
    create_draft,
    edit_proposal,
    keep_as_draft,
    text_of,
    version_contents,
)

__all__ = [
    "ANY_PERSON",
    "KEPT_FOR",
    "NewToken",
    "accept_invitation",
    "accept_join",
    "accept_lead",
    "active_of",
    "add_version",
    "adopt_invitations",
    "agree",
    "answer_later",
    "apply_move",
    "ask_to_join",
    "attach_answers",
    "attach_files",
    "claim_entry",
    "claim_visitor_draft",
    "create_draft",
    "declare_conflict",
    "decline_invitation",
    "decline_join",
    "delete_draft",
    "drop_answers",
    "drop_old_visitor_drafts",
    "drop_redaction",
    "drop_visitor_draft",
    "edit_proposal",
    "end_lead_offer",
    "enter_proposal",
    "erase_person",
    "fold_counts",
    "grant_reader",
    "hand_in",
    "hide_proposal",
    "insert_entered",
    "invite_again",
    "invite_member",
    "is_asked",
    "keep_as_draft",
    "lift_conflict",
    "merge_into",
    "move_proposal",
    "note_presence",
    "note_refused_claim",
    "offer_lead",
    "remove_file",
    "remove_member",
    "restore_file",
    "revoke_reader",
    "save_visitor_draft",
    "say_difference",
    "screen_many",
    "screen_proposal",
    "set_own_roles",
    "set_places",
    "show_proposal",
    "standing_merge",
    "store_redaction",
    "team_of",
    "terms_of",
    "text_of",
    "token_hash",
    "undo_many",
    "undo_merge",
    "undo_screening",
    "unhide_proposal",
    "version_contents",
    "withdraw_proposal",
]
