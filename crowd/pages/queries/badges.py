"""What composed pages read."""

from dataclasses import dataclass

from sqlalchemy import func, select

from crowd.notifications.models import Notification
from crowd.store.db import db
from crowd.web.access import current_actor


@dataclass(frozen=True)
class Badges:
    """Counts in the layout, only of what needs this person."""

    notifications: int = 0
    needs_you: int = 0


def badges() -> Badges:
    actor = current_actor()
    if actor.account_id is None:
        return Badges()
    unread = select(func.count()).where(Notification.account_id == actor.account_id, Notification.read_at.is_(None))
    return Badges(db.session.scalar(unread) or 0)
