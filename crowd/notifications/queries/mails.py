"""The mails of a call that its managers may see."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.mailing.models import Mail
from crowd.mailing.queries import seen_by_managers
from crowd.store.paging import Key, Page, page_of

SIZE = 30


def list_mails_of_call(session: Session, call_id: int, status: str | None, after: str | None) -> Page[Mail]:
    """Mails sent for a call that its managers may see, the newest first."""
    mails = select(Mail).where(Mail.call_id == call_id, seen_by_managers())
    if status:
        mails = mails.where(Mail.status == status)
    return page_of(session, mails, [Key(Mail.__table__.c.id, descending=True)], after, SIZE)


def get_mail_of_call(session: Session, call_id: int, public_id: str) -> Mail | None:
    return session.scalar(select(Mail).where(Mail.public_id == public_id, Mail.call_id == call_id, seen_by_managers()))


def count_mails_of_call(session: Session, call_id: int) -> dict[str, int]:
    seen = select(Mail.status, func.count()).where(Mail.call_id == call_id, seen_by_managers())
    rows = session.execute(seen.group_by(Mail.status))
    return {status.value: count for status, count in rows}
