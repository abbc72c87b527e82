"""Reading the outbox."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, defer

from crowd.core.status import MailStatus
from crowd.mailing.models import Mail
from crowd.store.paging import Key, Page, page_of
from crowd.store.search import holds

SIZE = 30


SEEN_BY_MANAGERS = frozenset(
    """proposal_received correction_asked correction_overdue found_eligible found_ineligible advanced left_out
    review_assigned review_due review_overdue jury_invitation jury_reminder juror_answer outcome outcome_corrected
    credit_issued credit_corrected consent_asked amendment_ended comment_to_organization organization_invitation organization_approved
    organization_refused message service_message""".split()
)
"""Kinds whose recipients an organization may know. Others would tell who keeps a draft, who was asked to join a team, who voted."""


def seen_by_managers() -> ColumnElement[bool]:
    return Mail.kind.in_(SEEN_BY_MANAGERS)


@dataclass(frozen=True)
class MailFilter:
    """`organization_id`: only what its managers may see."""

    status: MailStatus | None = None
    text: str = ""
    organization_id: int | None = None


def list_mails(session: Session, wanted: MailFilter, after: str | None) -> Page[Mail]:
    """Mails, the newest first."""
    statement = select(Mail)
    if wanted.status is not None:
        statement = statement.where(Mail.status == wanted.status)
    if wanted.text:
        columns = (Mail.to_email.expression, Mail.to_name.expression, Mail.subject.expression)
        statement = statement.where(holds(session, columns, wanted.text))
    if wanted.organization_id is not None:
        statement = statement.where(Mail.organization_id == wanted.organization_id, seen_by_managers())
    return page_of(session, statement, [Key(Mail.__table__.c.id, descending=True)], after, SIZE)


def get_mail(session: Session, public_id: str) -> Mail | None:
    return session.scalar(select(Mail).where(Mail.public_id == public_id))


def list_mails_to(session: Session, account_id: int, after: str | None) -> Page[Mail]:
    """What was sent to a person, the newest first."""
    statement = select(Mail).where(Mail.account_id == account_id).options(defer(Mail.text), defer(Mail.html))
    newest = [Key(Mail.__table__.c[name], descending=True) for name in ("created_at", "id")]
    return page_of(session, statement, newest, after, SIZE)


def get_mail_to(session: Session, account_id: int, public_id: str) -> Mail | None:
    return session.scalar(select(Mail).where(Mail.public_id == public_id, Mail.account_id == account_id))


def count_by_status(session: Session) -> dict[MailStatus, int]:
    rows = session.execute(select(Mail.status, func.count()).group_by(Mail.status))
    return dict(iter(rows))
