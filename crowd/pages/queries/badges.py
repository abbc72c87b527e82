"""What composed pages read."""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, bindparam, func, select

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
    return Badges(db.session.scalar(_unread(), {"account": actor.account_id}) or 0)


@cache
def _unread() -> Select[int]:
    return select(func.count()).where(
        Notification.account_id == bindparam("account"),
        Notification.read_at.is_(None),
        Notification.gone_at.is_(None),
    )
