"""Amendments of frozen rules, and what those who handed in said to them."""

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crowd.core.status import AmendmentStatus, ConsentAnswer
from crowd.store.db import Base
from crowd.store.types import Id, Long, MaybeMoment, Moment, enum_type, kept_without, owned_by


class Amendment(Base):
    """One change of a published call's rules: canonical JSON and fingerprint before and after.

    `decide_by`: the date until which everybody who handed in may answer; only where consent is needed.
    """

    __tablename__ = "amendments"
    __table_args__ = (
        UniqueConstraint("call_id", "number", name="uq_amendments_call_number"),
        CheckConstraint("(status = 'in_force') = (in_force_at IS NOT NULL)", name="moment_when_in_force"),
        CheckConstraint("status != 'proposed' OR decide_by IS NOT NULL", name="date_when_proposed"),
    )

    id: Mapped[Id]
    call_id: Mapped[int] = owned_by("calls.id", index=False)
    number: Mapped[int]
    status: Mapped[AmendmentStatus] = mapped_column(enum_type(AmendmentStatus), index=True)
    reason: Mapped[Long]
    by_id: Mapped[int | None] = kept_without("accounts.id")
    at: Mapped[Moment]
    decide_by: Mapped[MaybeMoment]
    in_force_at: Mapped[MaybeMoment]
    ended_at: Mapped[MaybeMoment]
    before: Mapped[Long]
    after: Mapped[Long]
    before_sha256: Mapped[str] = mapped_column(String(64))
    after_sha256: Mapped[str] = mapped_column(String(64))


class Consent(Base):
    """What the lead of a proposal answered; it may be changed until the amendment is decided."""

    __tablename__ = "consents"
    __table_args__ = (UniqueConstraint("amendment_id", "proposal_id", name="uq_consents_amendment_proposal"),)

    id: Mapped[Id]
    amendment_id: Mapped[int] = owned_by("amendments.id", index=False)
    proposal_id: Mapped[int] = owned_by("proposals.id")
    account_id: Mapped[int | None] = kept_without("accounts.id")
    answer: Mapped[ConsentAnswer] = mapped_column(enum_type(ConsentAnswer))
    at: Mapped[Moment]
