"""What a person is told in the product, and how they want to be told."""

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crowd.core.notices import Channel
from crowd.mailing.models import Mail
from crowd.store.db import Base
from crowd.store.types import Id, Json, MaybeMoment, Moment, Short, enum_type, kept_without, owned_by


class Notification(Base):
    """One notice to one person about one thing. The sentence is rendered from `kind` and `data` in the reader's language.

    `digest_at`: when it waits for a digest. `gone_at`: what it tells of was hidden or deleted meanwhile, so it is not shown.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("account_id", "kind", "thing", name="uq_notifications_account_kind_thing"),
        Index("ix_notifications_account_read", "account_id", "read_at", "id"),
        Index("ix_notifications_digest", "digest_at", "account_id"),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = owned_by("accounts.id", index=False)
    event_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(60))
    thing: Mapped[str] = mapped_column(String(40))
    call_id: Mapped[int | None] = owned_by("calls.id")
    proposal_id: Mapped[int | None] = owned_by("proposals.id")
    comment_id: Mapped[int | None] = owned_by("comments.id")
    mail_id: Mapped[int | None] = kept_without("mails.id")
    path: Mapped[Short]
    data: Mapped[Json] = mapped_column(JSON)
    created_at: Mapped[Moment]
    read_at: Mapped[MaybeMoment]
    digest_at: Mapped[MaybeMoment]
    gone_at: Mapped[MaybeMoment]

    mail: Mapped[Mail | None] = relationship(lazy="raise")


class Preference(Base):
    """How a person wants to be told of a kind; without a row the kind's default holds."""

    __tablename__ = "preferences"
    __table_args__ = (
        UniqueConstraint("account_id", "kind", name="uq_preferences_account_kind"),
        Index("ix_preferences_kind_channel", "kind", "channel"),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = owned_by("accounts.id", index=False)
    kind: Mapped[str] = mapped_column(String(60))
    channel: Mapped[Channel] = mapped_column(enum_type(Channel))
