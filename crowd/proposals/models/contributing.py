"""Comments to which a proposal owes something."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crowd.core.credit import OwnRole
from crowd.store.db import Base
from crowd.store.types import Id, MaybeMoment, Moment, enum_type, kept_without, owned_by


class Contribution(Base):
    """The authors say that a comment gave them the idea, or changed the text. `unnamed_at`: its writer does not want to be named."""

    __tablename__ = "contributions"
    __table_args__ = (UniqueConstraint("comment_id", name="uq_contributions_comment"),)

    id: Mapped[Id]
    proposal_id: Mapped[int] = owned_by("proposals.id")
    comment_id: Mapped[int | None] = kept_without("comments.id", index=False)
    account_id: Mapped[int | None] = kept_without("accounts.id")
    role: Mapped[OwnRole] = mapped_column(enum_type(OwnRole))
    version: Mapped[int | None]  # of the text, when it was marked
    marked_at: Mapped[Moment]
    marked_by_id: Mapped[int | None] = kept_without("accounts.id")
    unnamed_at: Mapped[MaybeMoment]
