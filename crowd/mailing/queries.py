"""Reading the outbox."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from crowd.core.status import MailStatus
from crowd.mailing.models import Mail
from crowd.store.paging import Key, Page, page_of

SIZE = 30


@dataclass(frozen=True)
class MailFilter:
    status: MailStatus | None = None
    text: str = ""
    organization_id: int | None = None
    call_id: int | None = None


def list_mails(session: Session, wanted: MailFilter, after: str | None) -> Page[Mail]:
    """Mails, the newest first."""
    statement = select(Mail)
    if wanted.status is not None:
        statement = statement.where(Mail.status == wanted.status)
    if wanted.text:
        columns = (Mail.to_email, Mail.to_name, Mail.subject)
        statement = statement.where(or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    if wanted.organization_id is not None:
        statement = statement.where(Mail.organization_id == wanted.organization_id)
    if wanted.call_id is not None:
        statement = statement.where(Mail.call_id == wanted.call_id)
    return page_of(session, statement, [Key(Mail.__table__.c.id, descending=True)], after, SIZE)


def get_mail(session: Session, public_id: str) -> Mail | None:
    return session.scalar(select(Mail).where(Mail.public_id == public_id))


def count_by_status(session: Session) -> dict[MailStatus, int]:
    rows = session.execute(select(Mail.status, func.count()).group_by(Mail.status))
    return dict(iter(rows))
