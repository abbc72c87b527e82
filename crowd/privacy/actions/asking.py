"""Asking for one's account to be erased: proven by the password or by a mailed link, undone as long as it waits."""

from datetime import datetime

from sqlalchemy.orm import Session

from crowd.accounts.actions import recipient_of
from crowd.accounts.models import Account
from crowd.core.errors import DomainError
from crowd.core.events import EventKind
from crowd.mailing.actions import send_letter
from crowd.privacy.commands import WAITS, Asked
from crowd.privacy.models import Erasure
from crowd.privacy.queries.erasing import get_erasure, what_blocks
from crowd.store.events import record
from crowd.store.secrets import new_token, token_hash
from crowd.web.links import absolute_link


def ask_to_be_erased(session: Session, account: Account, asked: Asked, *, proven: bool, now: datetime) -> Erasure:
    """Ask for a locked account to be erased; not `proven`, it waits for the link that is mailed.

    Raises DomainError("erasure_blocked") where somebody has to take over first, "erasure_waits" when it is confirmed already.
    """
    if what_blocks(session, account):
        raise DomainError("erasure_blocked")
    erasure = get_erasure(session, account.id)
    if erasure is None:
        erasure = Erasure(account_id=account.id, asked_at=now)
        session.add(erasure)
    elif erasure.confirmed_at is not None:
        raise DomainError("erasure_waits")
    erasure.asked_at, erasure.withdraw_comments = now, asked.withdraw_comments
    if proven:
        confirm(session, account, erasure, now=now)
    else:
        _mail(session, "erasure_confirm", account, erasure, now)
    return erasure


def confirm(session: Session, account: Account, erasure: Erasure, *, now: datetime) -> None:
    """From now on it can be undone for a while; both rows are locked. Raises DomainError("erasure_blocked") as asking does."""
    if erasure.confirmed_at is not None:
        return
    if what_blocks(session, account):
        raise DomainError("erasure_blocked")
    erasure.confirmed_at, erasure.due_at, erasure.told_at = now, now + WAITS, None
    record(session, EventKind.ACCOUNT_ERASURE_ASKED, now=now, actor_id=account.id, subject_id=account.id)
    _mail(session, "erasure_waits", account, erasure, now)


def keep_account(session: Session, account: Account, erasure: Erasure, *, now: datetime) -> None:
    """Take it back, as if it had never been asked for; both rows are locked."""
    if erasure.done_at is not None:
        raise DomainError("erasure_done")
    if erasure.confirmed_at is not None:
        record(session, EventKind.ACCOUNT_ERASURE_UNDONE, now=now, actor_id=account.id, subject_id=account.id)
    session.delete(erasure)
    session.flush()


def _mail(session: Session, kind: str, account: Account, erasure: Erasure, now: datetime) -> None:
    """A new link; the one before opens nothing any more."""
    token = new_token()
    erasure.token_hash = token_hash(token)
    session.flush()
    words = {"address": absolute_link(f"/erasure/{token}"), "due": erasure.due_at, "days": WAITS.days}
    send_letter(session, kind, recipient_of(account), words, now=now, has_secret=True)
