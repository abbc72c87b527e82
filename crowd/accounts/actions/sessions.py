"""Browsers signed in to an account: opening a session, ending it, telling its owner of a new browser."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from crowd.accounts.actions.links import mail_link
from crowd.accounts.commands import Browser
from crowd.accounts.models import Account, BrowserSession, LinkPurpose
from crowd.core.errors import Gone
from crowd.core.events import EventKind
from crowd.store.events import record
from crowd.store.secrets import new_token, token_hash

REMEMBERED = timedelta(days=400)
"""How long a browser that signed out or stayed away counts as known."""


def open_session(session: Session, account: Account, browser: Browser, *, now: datetime) -> str:
    """A new session of a locked account. Returns its key, which is kept by the browser alone.

    A browser in which the account was never used is told to its owner by mail; the account's first one is no news.
    Raises Gone where the account was shut or erased since it was looked up.
    """
    if account.blocked_at is not None:
        raise Gone
    device, key = token_hash(f"{browser.token}:{account.public_id}"), new_token()
    earlier = set(session.scalars(select(BrowserSession.device_hash).where(BrowserSession.account_id == account.id)))
    row = BrowserSession(
        account_id=account.id,
        key_hash=token_hash(key),
        device_hash=device,
        browser=browser.name,
        system=browser.system,
        created_at=now,
        used_at=now,
    )
    session.add(row)
    session.flush()
    if earlier and device not in earlier and not account.is_demo:
        _tell_of(session, account, row, now)
    return key


def _tell_of(session: Session, account: Account, row: BrowserSession, now: datetime) -> None:
    """Not for demo logins, which everybody shares."""
    record(session, EventKind.ACCOUNT_NEW_DEVICE, now=now, actor_id=account.id, subject_id=row.id)
    words = {"browser": row.browser, "system": row.system, "at": now}
    mail_link(session, account, LinkPurpose.NOT_ME, now=now, kind="new_device", more=words)


def note_use(session: Session, session_id: int, now: datetime) -> None:
    session.execute(update(BrowserSession).where(BrowserSession.id == session_id).values(used_at=now))


def end_sessions(
    session: Session, account_id: int, *, now: datetime, only: int | None = None, but: int | None = None
) -> None:
    """All sessions of an account, only one of them, or all but one."""
    those = update(BrowserSession).where(BrowserSession.account_id == account_id, BrowserSession.ended_at.is_(None))
    if only is not None:
        those = those.where(BrowserSession.id == only)
    if but is not None:
        those = those.where(BrowserSession.id != but)
    session.execute(those.values(ended_at=now))


def forget_old_sessions(session: Session, now: datetime) -> None:
    session.execute(delete(BrowserSession).where(BrowserSession.used_at < now - REMEMBERED))
