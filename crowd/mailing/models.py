"""The outbox: every mail the product writes, readable in the product."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crowd.core.status import MailStatus
from crowd.store.db import Base
from crowd.store.types import Id, Long, MaybeMoment, Moment, PublicId, Short, enum_type, kept_without


class Mail(Base):
    """One mail to one person.

    `has_secret`: its link opens a door, so the text is wiped after sending. `way_out`: the path that stops mails of its kind,
    empty where they come in any case. `thread`: what mail programs show together.
    """

    __tablename__ = "mails"
    __table_args__ = (
        Index("ix_mails_status_due", "status", "due_at"),
        Index("ix_mails_call_id_id", "call_id", "id"),
        Index("ix_mails_account_id_created_at", "account_id", "created_at", "id"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    kind: Mapped[str] = mapped_column(String(60))
    to_email: Mapped[Short]
    to_name: Mapped[Short] = mapped_column(default="")
    account_id: Mapped[int | None] = kept_without("accounts.id", index=False)
    organization_id: Mapped[int | None] = kept_without("organizations.id")
    call_id: Mapped[int | None] = kept_without("calls.id", index=False)
    event_id: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(8))
    subject: Mapped[Short]
    text: Mapped[Long]
    html: Mapped[Long]
    has_secret: Mapped[bool] = mapped_column(default=False)
    way_out: Mapped[Short] = mapped_column(default="")
    thread: Mapped[str] = mapped_column(String(40), default="")
    once_key: Mapped[str | None] = mapped_column(String(120), unique=True)  # the same thing is never mailed twice
    status: Mapped[MailStatus] = mapped_column(enum_type(MailStatus), default=MailStatus.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[Long] = mapped_column(default="")
    created_at: Mapped[Moment]
    due_at: Mapped[Moment]
    claimed_at: Mapped[MaybeMoment]
    sent_at: Mapped[MaybeMoment]
