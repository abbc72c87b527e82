"""What a person is told in the product, and which kinds they want by mail."""

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crowd.store.db import Base
from crowd.store.types import Id, Json, MaybeMoment, Moment, Short, owned_by


class Notification(Base):
    """One notice to one person about one event. The sentence is rendered from `kind` and `data` in the reader's language."""

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("account_id", "event_id", "kind", name="uq_notifications_account_event_kind"),
        Index("ix_notifications_account_read", "account_id", "read_at", "id"),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = owned_by("accounts.id", index=False)
    event_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(60))
    path: Mapped[Short]
    data: Mapped[Json] = mapped_column(JSON)
    created_at: Mapped[Moment]
    read_at: Mapped[MaybeMoment]


class Preference(Base):
    """That a person switched a kind of mail on or off; without a row the kind's default holds."""

    __tablename__ = "preferences"
    __table_args__ = (UniqueConstraint("account_id", "kind", name="uq_preferences_account_kind"),)

    id: Mapped[Id]
    account_id: Mapped[int] = owned_by("accounts.id", index=False)
    kind: Mapped[str] = mapped_column(String(60))
    by_mail: Mapped[bool]
