"""Reading proposals."""

from crowd.proposals.queries.blind import cover, cover_names, redaction_for, redaction_of, redactions_of
from crowd.proposals.queries.counting import Near, count_by_status, count_visible, near_proposals
from crowd.proposals.queries.merging import Pointer, find_in_call, goes_on_as, taken_in
from crowd.proposals.queries.presence import AWAY_AFTER, Present, others_present
from crowd.proposals.queries.screening import Queue, overdue, screening_list, screening_queue
from crowd.proposals.queries.shuffling import Shown, shuffled_nearby, shuffled_page
from crowd.proposals.queries.similar import (
    Similar,
    asked_by,
    differences_of,
    join_requests_of,
    similar_to_text,
)
from crowd.proposals.queries.stakes import has_stake, staked_ids
from crowd.proposals.queries.texts import (
    behalf_entry,
    draft_by_key,
    drafts_in,
    happenings_of,
    last_screening,
    last_version_number,
    names_of,
    newest_versions,
    proposal_exists,
    version_read,
    versions_of,
    withdrawal_reason,
)
from crowd.proposals.queries.visible import leaves_tombstone, viewer, visible_to, visible_to_viewer
from crowd.proposals.queries.visiting import visitor_draft, visitor_drafts_named, visitor_drafts_of

__all__ = [
    "AWAY_AFTER",
    "Near",
    "Pointer",
    "Present",
    "Queue",
    "Shown",
    "Similar",
    "asked_by",
    "behalf_entry",
    "count_by_status",
    "count_visible",
    "cover",
    "cover_names",
    "differences_of",
    "draft_by_key",
    "drafts_in",
    "find_in_call",
    "goes_on_as",
    "happenings_of",
    "has_stake",
    "join_requests_of",
    "last_screening",
    "last_version_number",
    "leaves_tombstone",
    "names_of",
    "near_proposals",
    "newest_versions",
    "others_present",
    "overdue",
    "proposal_exists",
    "redaction_for",
    "redaction_of",
    "redactions_of",
    "screening_list",
    "screening_queue",
    "shuffled_nearby",
    "shuffled_page",
    "similar_to_text",
    "staked_ids",
    "taken_in",
    "version_read",
    "versions_of",
    "viewer",
    "visible_to",
    "visible_to_viewer",
    "visitor_draft",
    "visitor_drafts_named",
    "visitor_drafts_of",
    "withdrawal_reason",
]
