"""Changing proposals. Each action judges again on the locked row and records its event in the same commit."""

from crowd.proposals.actions.answering import answer_later, attach_answers, drop_answers
from crowd.proposals.actions.attaching import attach_files, remove_file, restore_file
from crowd.proposals.actions.counts import fold_counts
from crowd.proposals.actions.entering import claim_entry, enter_proposal, insert_entered
from crowd.proposals.actions.handing_in import delete_draft, hand_in, withdraw_proposal
from crowd.proposals.actions.joining import accept_join, ask_to_join, decline_join, say_difference
from crowd.proposals.actions.moves import (
    apply_move,
    declare_conflict,
    grant_reader,
    move_proposal,
    revoke_reader,
)
from crowd.proposals.actions.screening import screen_many, screen_proposal, undo_many, undo_screening
from crowd.proposals.actions.team import (
    accept_invitation,
    adopt_invitations,
    decline_invitation,
    invite_again,
    invite_member,
    remove_member,
    set_places,
    team_of,
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
    "accept_invitation",
    "accept_join",
    "add_version",
    "adopt_invitations",
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
    "drop_visitor_draft",
    "edit_proposal",
    "enter_proposal",
    "fold_counts",
    "grant_reader",
    "hand_in",
    "insert_entered",
    "invite_again",
    "invite_member",
    "keep_as_draft",
    "move_proposal",
    "remove_file",
    "remove_member",
    "restore_file",
    "revoke_reader",
    "save_visitor_draft",
    "say_difference",
    "screen_many",
    "screen_proposal",
    "set_places",
    "team_of",
    "text_of",
    "token_hash",
    "undo_many",
    "undo_screening",
    "version_contents",
    "withdraw_proposal",
]
