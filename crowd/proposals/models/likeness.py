"""What proposals mean, how their authors say they differ, and who asks to join them."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crowd.accounts.models import Account
from crowd.core.status import JoinStatus
from crowd.store.db import Base
from crowd.store.types import Id, Long, MaybeMoment, Moment, enum_type, owned_by


class ProposalVector(Base):
    """What a proposal means, as `core.similar.as_bytes` keeps it; `stale` until a job has made it from the newest text.

    `model` names what made it, since vectors of several models never meet; it is empty until the first is made.
    """

    __tablename__ = "proposal_vectors"
    __table_args__ = (Index("ix_proposal_vectors_call_made", "call_id", "made_at"),)

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id", ondelete="CASCADE"), primary_key=True)
    call_id: Mapped[int] = owned_by("calls.id", index=False)
    model: Mapped[str] = mapped_column(String(40))
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    stale: Mapped[bool] = mapped_column(index=True)
    made_at: Mapped[Moment]


class Difference(Base):
    """How a proposal differs from one like it, in its authors' words: for screeners and reviewers."""

    __tablename__ = "differences"
    __table_args__ = (UniqueConstraint("proposal_id", "other_id", name="uq_differences_proposal_other"),)

    id: Mapped[Id]
    proposal_id: Mapped[int] = owned_by("proposals.id", index=False)
    other_id: Mapped[int] = owned_by("proposals.id")
    text: Mapped[Long]
    at: Mapped[Moment]


class JoinRequest(Base):
    """Somebody asks the lead to be taken into the team. Accepting sends the usual invitation; nothing is named before."""

    __tablename__ = "join_requests"
    __table_args__ = (
        CheckConstraint("(status = 'pending') = (answered_at IS NULL)", name="answered_at_when_answered"),
        UniqueConstraint("proposal_id", "account_id", name="uq_join_requests_proposal_account"),
    )

    id: Mapped[Id]
    proposal_id: Mapped[int] = owned_by("proposals.id", index=False)
    account_id: Mapped[int] = owned_by("accounts.id")
    message: Mapped[Long]
    status: Mapped[JoinStatus] = mapped_column(enum_type(JoinStatus), default=JoinStatus.PENDING)
    asked_at: Mapped[Moment]
    answered_at: Mapped[MaybeMoment]

    account: Mapped[Account] = relationship(lazy="raise")
