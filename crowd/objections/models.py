"""Objections to published results, and their answers."""

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crowd.accounts.models import Account
from crowd.core.status import ObjectionKind, ObjectionStatus
from crowd.proposals.models import Proposal
from crowd.store.db import Base
from crowd.store.types import Id, Long, MaybeMoment, Moment, PublicId, enum_type, kept_without, owned_by


class Objection(Base):
    """One person's objection: to the result of a proposal, or to the whole (then `proposal_id` is None).

    `is_public`: whoever objected lets everybody read the words; the answer is always public.
    """

    __tablename__ = "objections"
    __table_args__ = (
        Index("ix_objections_call_status", "call_id", "status", "id"),
        CheckConstraint("(status IN ('upheld', 'rejected')) = (answer <> '')", name="answered_with_answer"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    call_id: Mapped[int] = owned_by("calls.id", index=False)
    proposal_id: Mapped[int | None] = owned_by("proposals.id")
    author_id: Mapped[int | None] = kept_without("accounts.id")
    kind: Mapped[ObjectionKind] = mapped_column(enum_type(ObjectionKind))
    text: Mapped[Long]
    evidence: Mapped[Long] = mapped_column(default="")
    is_public: Mapped[bool] = mapped_column(default=False)
    filed_at: Mapped[Moment]
    status: Mapped[ObjectionStatus] = mapped_column(enum_type(ObjectionStatus), default=ObjectionStatus.OPEN)
    ended_at: Mapped[MaybeMoment]
    answer: Mapped[Long] = mapped_column(default="")
    answered_by_id: Mapped[int | None] = kept_without("accounts.id")

    proposal: Mapped[Proposal | None] = relationship(lazy="raise")
    author: Mapped[Account | None] = relationship(lazy="raise", foreign_keys=[author_id])
    answered_by: Mapped[Account | None] = relationship(lazy="raise", foreign_keys=[answered_by_id])
