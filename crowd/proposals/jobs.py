"""What the clock does to drafts and counts."""

from crowd.proposals.actions import drop_old_visitor_drafts, fold_counts
from crowd.store.db import transaction, utc_now


def forget_visitor_drafts() -> None:
    """Texts begun without an account that nobody claimed in time."""
    with transaction() as session:
        drop_old_visitor_drafts(session, utc_now())


def fold_proposal_counts() -> None:
    """Fold together the kept counts that many changes added to."""
    with transaction() as session:
        fold_counts(session)
