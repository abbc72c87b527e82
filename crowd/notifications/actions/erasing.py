"""What becomes of somebody's notices when their account is erased."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from crowd.notifications.models import Notification, Preference


def erase_person(session: Session, account_id: int) -> None:
    session.execute(delete(Notification).where(Notification.account_id == account_id))
    session.execute(delete(Preference).where(Preference.account_id == account_id))
