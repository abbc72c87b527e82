"""Marks of what was read, and how a person wants to be told."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crowd.core.notices import BY_KEY, DIGEST, DIGESTS, Channel, next_digest
from crowd.notifications.models import Notification, Preference


def mark_read(session: Session, account_id: int, now: datetime, notification_id: int | None = None) -> None:
    """One notice, or all of a person's."""
    statement = update(Notification).where(Notification.account_id == account_id, Notification.read_at.is_(None))
    if notification_id is not None:
        statement = statement.where(Notification.id == notification_id)
    session.execute(statement.values(read_at=now))


def choose_channels(
    session: Session, account_id: int, zone: str, choices: Mapping[str, Channel], *, now: datetime
) -> None:
    """Store how a locked account wants to be told; what waits for a digest waits for the new one, or for none.

    Kinds that do not exist and channels that a kind does not offer are ignored.
    """
    known = {row.kind: row for row in session.scalars(select(Preference).where(Preference.account_id == account_id))}
    for key, channel in choices.items():
        kind = BY_KEY.get(key)
        if kind is None or channel not in kind.offers:
            continue
        before = known[key].channel if key in known else kind.default
        if key in known:
            known[key].channel = channel
        elif channel is not kind.default:
            session.add(Preference(account_id=account_id, kind=key, channel=channel))
        if channel is not before:
            _move_waiting(session, account_id, key, channel, zone, now)


def _move_waiting(session: Session, account_id: int, kind: str, channel: Channel, zone: str, now: datetime) -> None:
    due = next_digest(channel, now, zone) if channel in DIGESTS else None
    session.execute(
        update(Notification)
        .where(Notification.account_id == account_id, Notification.kind == kind, Notification.digest_at.is_not(None))
        .values(digest_at=due)
    )


def stop_mails(session: Session, account_id: int, zone: str, key: str, *, now: datetime) -> None:
    """No more mails of this kind to a locked account, or no more digests; the notices stay in the product."""
    if key == DIGEST:
        rows = session.scalars(select(Preference).where(Preference.account_id == account_id))
        stopped = {row.kind: Channel.PRODUCT for row in rows if row.channel in DIGESTS}
    else:
        stopped = {key: Channel.PRODUCT}
    choose_channels(session, account_id, zone, stopped, now=now)
