"""What people ask to be done with what is kept about them."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crowd.accounts.models import Account
from crowd.store.db import Base
from crowd.store.types import Id, Long, MaybeMoment, Moment, kept_without


class Erasure(Base):
    """That an account is to be erased: asked for, confirmed, due after a while in which it can be undone, done.

    `token_hash`: of the link that confirms it or, later, takes it back. `by_id`: the administrator who did it on request, with
    the `reason`. `told_at`: its owner was told that something has to be handed over first.
    """

    __tablename__ = "erasures"
    __table_args__ = (
        CheckConstraint("(confirmed_at IS NULL) = (due_at IS NULL)", name="due_when_confirmed"),
        CheckConstraint("done_at IS NULL OR confirmed_at IS NOT NULL", name="confirmed_when_done"),
        Index("ix_erasures_due", "done_at", "due_at"),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), unique=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    withdraw_comments: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[Moment]
    confirmed_at: Mapped[MaybeMoment]
    due_at: Mapped[MaybeMoment]
    told_at: Mapped[MaybeMoment]
    done_at: Mapped[MaybeMoment]
    by_id: Mapped[int | None] = kept_without("accounts.id")
    reason: Mapped[Long] = mapped_column(default="")

    account: Mapped[Account] = relationship(lazy="raise", foreign_keys=[account_id])
