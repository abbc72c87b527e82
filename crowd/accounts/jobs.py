"""What the clock does for accounts."""

from crowd.accounts.actions import forget_old_sessions
from crowd.store.db import transaction, utc_now


def forget_sessions() -> None:
    with transaction() as session:
        forget_old_sessions(session, utc_now())
