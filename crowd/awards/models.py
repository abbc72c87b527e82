"""The prize ledger: a record of what was given to whom and what became of it. No money moves here."""

from datetime import date

from sqlalchemy import JSON, BigInteger, CheckConstraint, Date, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crowd.core.awards import PartState
from crowd.proposals.models import Proposal
from crowd.store.db import Base
from crowd.store.types import Id, Json, Long, MaybeMoment, Moment, PublicId, Short, enum_type, kept_without, owned_by
from crowd.web.names import PersonName


class Award(Base):
    """A prize given to a selected proposal: an amount in minor units of a currency, or a thing in words, or both."""

    __tablename__ = "awards"
    __table_args__ = (
        CheckConstraint("(amount IS NULL) = (currency = '')", name="currency_with_amount"),
        CheckConstraint("amount IS NULL OR amount > 0", name="amount_positive"),
        CheckConstraint("amount IS NOT NULL OR thing <> ''", name="something_given"),
        CheckConstraint("(taken_back_at IS NULL) = (taken_back_reason = '')", name="reason_when_taken_back"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    call_id: Mapped[int] = owned_by("calls.id")
    proposal_id: Mapped[int] = owned_by("proposals.id")
    title: Mapped[Short]
    amount: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="")
    thing: Mapped[Long] = mapped_column(default="")
    is_public: Mapped[bool] = mapped_column(default=False)
    given_at: Mapped[Moment]
    given_by_id: Mapped[int | None] = kept_without("accounts.id")
    taken_back_at: Mapped[MaybeMoment]
    taken_back_reason: Mapped[Long] = mapped_column(default="")

    proposal: Mapped[Proposal] = relationship(lazy="raise")
    parts: Mapped[list["AwardPart"]] = relationship(lazy="raise", order_by="AwardPart.id", back_populates="award")
    obligations: Mapped[list["Obligation"]] = relationship(lazy="raise", order_by="Obligation.id")
    changes: Mapped[list["AwardChange"]] = relationship(lazy="raise", order_by="AwardChange.id")


class AwardChange(Base):
    """What a prize was before somebody changed it, and why it was changed; its receivers read both."""

    __tablename__ = "award_changes"

    id: Mapped[Id]
    award_id: Mapped[int] = owned_by("awards.id")
    before: Mapped[Json] = mapped_column(JSON)
    reason: Mapped[Long]
    at: Mapped[Moment]
    by_id: Mapped[int | None] = kept_without("accounts.id")


class AwardPart(Base):
    """What one member of the team receives of a prize; `share` in hundredths of a percent, as agreed when it was given."""

    __tablename__ = "award_parts"
    __table_args__ = (
        CheckConstraint("(state = 'paid') = (paid_at IS NOT NULL)", name="moment_when_paid"),
        CheckConstraint("state <> 'declined' OR answered_at IS NOT NULL", name="moment_when_declined"),
        CheckConstraint("amount IS NULL OR amount >= 0", name="amount_not_negative"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    award_id: Mapped[int] = owned_by("awards.id")
    account_id: Mapped[int | None] = kept_without("accounts.id")
    name: Mapped[str] = mapped_column(PersonName)
    share: Mapped[int]
    amount: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[PartState] = mapped_column(enum_type(PartState), default=PartState.DUE)
    answered_at: Mapped[MaybeMoment]
    answer: Mapped[Long] = mapped_column(default="")  # why it was declined: for the organization alone
    paid_at: Mapped[MaybeMoment]
    paid_by_id: Mapped[int | None] = kept_without("accounts.id")
    reference: Mapped[Short] = mapped_column(default="")

    award: Mapped[Award] = relationship(lazy="raise", back_populates="parts")


class Obligation(Base):
    """Something owed for a prize, such as a report or an invoice; a manager ticks it."""

    __tablename__ = "award_obligations"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    award_id: Mapped[int] = owned_by("awards.id")
    text: Mapped[Short]
    due_on: Mapped[date | None] = mapped_column(Date)
    done_at: Mapped[MaybeMoment]
    done_by_id: Mapped[int | None] = kept_without("accounts.id")
    added_at: Mapped[Moment]
    added_by_id: Mapped[int | None] = kept_without("accounts.id")
