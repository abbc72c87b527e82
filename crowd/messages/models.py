"""Messages to groups and whom each one goes to."""

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crowd.core.reach import Group, MessageStatus, ReachState
from crowd.store.db import Base
from crowd.store.types import Id, Json, Long, MaybeMoment, Moment, PublicId, Short, enum_type, kept_without, owned_by


class Message(Base):
    """A text with merge fields for a group of people in a call, sent by a job at `per_minute`.

    `narrowed`: the table's query for groups of authors. Whom it goes to is settled when it starts.
    """

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("per_minute > 0", name="per_minute_positive"),
        Index("ix_messages_status_id", "status", "id"),
        Index("ix_messages_call_id_id", "call_id", "id"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    call_id: Mapped[int] = owned_by("calls.id", index=False)
    by_id: Mapped[int | None] = kept_without("accounts.id")
    to_group: Mapped[Group] = mapped_column(enum_type(Group))
    narrowed: Mapped[Json] = mapped_column(JSON, default=dict)
    is_service: Mapped[bool]
    subject: Mapped[Short]
    body: Mapped[Long]
    per_minute: Mapped[int]
    status: Mapped[MessageStatus] = mapped_column(enum_type(MessageStatus), default=MessageStatus.SENDING)
    started_at: Mapped[Moment]
    ended_at: Mapped[MaybeMoment]


class Reach(Base):
    """One person a message goes to, once. `mail_id` is set when the mail was written."""

    __tablename__ = "message_reaches"
    __table_args__ = (
        UniqueConstraint("message_id", "account_id", name="uq_message_reaches_message_account"),
        Index("ix_message_reaches_message_state", "message_id", "state", "id"),
    )

    id: Mapped[Id]
    message_id: Mapped[int] = owned_by("messages.id", index=False)
    account_id: Mapped[int] = owned_by("accounts.id")
    proposal_id: Mapped[int | None] = kept_without("proposals.id")
    mail_id: Mapped[int | None] = kept_without("mails.id")
    state: Mapped[ReachState] = mapped_column(enum_type(ReachState), default=ReachState.WAITING)
    at: Mapped[MaybeMoment]
