"""Groups of people a message may go to, and what may be known about each."""

from enum import StrEnum


class Group(StrEnum):
    """Stored; never rename."""

    CHOSEN = "chosen"  # authors of the proposals that a filter of the table finds
    DRAFTS = "drafts"  # people with a draft
    ENTRANTS = "entrants"
    SHORTLISTED = "shortlisted"
    SELECTED = "selected"
    NOT_VOTED = "not_voted"  # may vote in the open round and have not
    BEHIND = "behind"  # reviewers with open work


class MessageStatus(StrEnum):
    SENDING = "sending"
    SENT = "sent"
    STOPPED = "stopped"


class ReachState(StrEnum):
    WAITING = "waiting"
    WRITTEN = "written"  # its mail stands in the outbox
    OPTED_OUT = "opted_out"
    STOPPED = "stopped"


SECRET = frozenset({Group.DRAFTS, Group.NOT_VOTED})
"""Who is in these groups is nobody's business: no names, no number, no mail in any list of the organization."""

UNCOUNTED = frozenset({Group.NOT_VOTED})
"""Not even the number is told: it would say how many have voted."""
