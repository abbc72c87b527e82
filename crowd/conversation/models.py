"""Comments on calls and proposals."""

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crowd.accounts.models import Account
from crowd.core.status import ModerationCode, ModerationState
from crowd.store.db import Base
from crowd.store.types import Id, Long, MaybeMoment, Moment, PublicId, enum_type, kept_without, owned_by


class Comment(Base):
    """A comment or reply. `as_organization`: written by staff in the organization's name. Deleted ones stay as a gap."""

    __tablename__ = "comments"
    __table_args__ = (
        Index("ix_comments_thread", "call_id", "proposal_id", "root_id", "id"),
        CheckConstraint("moderation = 'visible' OR hidden_reason <> ''", name="reason_when_hidden"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    call_id: Mapped[int] = owned_by("calls.id", index=False)
    proposal_id: Mapped[int | None] = owned_by("proposals.id")
    parent_id: Mapped[int | None] = owned_by("comments.id")
    root_id: Mapped[int | None] = owned_by("comments.id")  # the thread's first comment; None for that one itself
    author_id: Mapped[int | None] = kept_without("accounts.id")
    as_organization: Mapped[bool] = mapped_column(default=False)
    body: Mapped[Long]
    created_at: Mapped[Moment]
    edited_at: Mapped[MaybeMoment]
    deleted_at: Mapped[MaybeMoment]
    moderation: Mapped[ModerationState] = mapped_column(enum_type(ModerationState), default=ModerationState.VISIBLE)
    hidden_code: Mapped[ModerationCode | None] = mapped_column(enum_type(ModerationCode))
    hidden_reason: Mapped[Long] = mapped_column(default="")
    hidden_by_id: Mapped[int | None] = kept_without("accounts.id")

    author: Mapped[Account | None] = relationship(lazy="raise", foreign_keys=[author_id])
