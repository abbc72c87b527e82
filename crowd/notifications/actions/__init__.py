"""Telling people: reading marks, choices, what the clock announces, digests."""

from crowd.notifications.actions.announcing import (
    announce_consents,
    announce_corrections,
    announce_deadlines,
    announce_late_permits,
    announce_objections,
    announce_reviews,
    announce_stages,
    announce_votes,
)
from crowd.notifications.actions.digests import write_digest
from crowd.notifications.actions.erasing import erase_person
from crowd.notifications.actions.reading import choose_channels, mark_read, stop_mails

__all__ = [
    "announce_consents",
    "announce_corrections",
    "announce_deadlines",
    "announce_late_permits",
    "announce_objections",
    "announce_reviews",
    "announce_stages",
    "announce_votes",
    "choose_channels",
    "erase_person",
    "mark_read",
    "stop_mails",
    "write_digest",
]
