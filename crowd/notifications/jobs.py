"""What the clock announces each minute. A late run announces late; nothing is decided here."""

from crowd.notifications.actions import (
    announce_corrections,
    announce_deadlines,
    announce_reviews,
    announce_stages,
)
from crowd.store.db import transaction, utc_now


def announce() -> None:
    for announcement in (announce_stages, announce_deadlines, announce_reviews, announce_corrections):
        with transaction() as session:
            announcement(session, utc_now())
