"""Proposals that were merged into others, with what it takes to undo it."""

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from crowd.core.status import ProposalStatus
from crowd.store.db import Base
from crowd.store.types import Id, Json, Long, MaybeMoment, Moment, enum_type, kept_without, owned_by


class Merge(Base):
    """`proposal_id` was merged into `into_id`. `stood`: its status before; `moved`: ballots that name the other since.

    `kept`: how the other's team was, and who was added to it (`proposals.actions.merging`).
    """

    __tablename__ = "merges"

    id: Mapped[Id]
    proposal_id: Mapped[int] = owned_by("proposals.id")
    into_id: Mapped[int] = owned_by("proposals.id")
    at: Mapped[Moment]
    by_id: Mapped[int | None] = kept_without("accounts.id")
    reason: Mapped[Long]
    stood: Mapped[ProposalStatus] = mapped_column(enum_type(ProposalStatus))
    kept: Mapped[Json] = mapped_column(JSON)
    moved: Mapped[int] = mapped_column(default=0)
    undone_at: Mapped[MaybeMoment]
    undone_by_id: Mapped[int | None] = kept_without("accounts.id")
