"""What the clock does: erase what was asked for and not taken back."""

from collections.abc import Iterable
from datetime import timedelta

from crowd.accounts.queries import get_account
from crowd.core.errors import DomainError, Gone
from crowd.files.storage import file_store
from crowd.mailing.actions import forget_farewells
from crowd.privacy.actions import erase_account, tell_of_obstacles
from crowd.privacy.commands import Asked
from crowd.privacy.queries.erasing import get_erasure, list_due, what_blocks
from crowd.store.db import db, transaction, utc_now

FAREWELL_KEPT = timedelta(days=3)


def erase_due() -> int:
    """Each in a transaction of its own. Returns how many were erased."""
    done = sum(_erase(account_id) for account_id in list_due(db.session(), utc_now()))
    with transaction() as session:
        forget_farewells(session, utc_now() - FAREWELL_KEPT)
    return done


def _erase(account_id: int) -> bool:
    """Whether it was done. It may have been taken back, or something must be handed over since it was asked for."""
    try:
        with transaction() as session:
            erasure = get_erasure(session, account_id)
            if erasure is None or erasure.done_at is not None:
                return False
            files = erase_account(session, account_id, Asked(erasure.withdraw_comments), clock=utc_now)
    except Gone:
        return False
    except DomainError:
        _tell(account_id)
        return False
    delete_files(files)
    return True


def _tell(account_id: int) -> None:
    account = get_account(db.session(), account_id)
    with transaction(account) as session:
        erasure, blockers = get_erasure(session, account_id), what_blocks(session, account)
        if erasure is not None and blockers:
            tell_of_obstacles(session, account, erasure, blockers, now=utc_now())


def delete_files(keys: Iterable[str]) -> None:
    """After the commit: a file that is left over is found by the job that removes orphans."""
    for key in keys:
        file_store().delete(key)
