"""What the clock announces each minute, and the digests that are due. A late run is late; nothing is decided here."""

from crowd.accounts.models import Account
from crowd.notifications.actions import (
    announce_consents,
    announce_corrections,
    announce_deadlines,
    announce_late_permits,
    announce_objections,
    announce_reviews,
    announce_stages,
    announce_votes,
    write_digest,
)
from crowd.notifications.forms import sentence_of
from crowd.notifications.queries import due_readers
from crowd.store.db import db, transaction, utc_now

ANNOUNCEMENTS = (
    announce_stages,
    announce_deadlines,
    announce_late_permits,
    announce_reviews,
    announce_corrections,
    announce_consents,
    announce_votes,
    announce_objections,
)


def announce() -> None:
    for announcement in ANNOUNCEMENTS:
        with transaction() as session:
            announcement(session, utc_now())


def write_digests() -> int:
    """Each reader in a transaction of their own. Returns how many mails were written."""
    written = 0
    for account_id in due_readers(db.session(), utc_now()):
        account = db.session.get_one(Account, account_id)
        with transaction(account) as session:
            written += write_digest(session, account, sentence_of, now=utc_now())
    return written
