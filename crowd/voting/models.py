"""The crowd's ballots and their tallies."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crowd.store.db import Base
from crowd.store.types import Id, Long, MaybeMoment, Moment, PublicId, kept_without, owned_by


class Ballot(Base):
    """One per person and round: an account, or the opaque voter id of an imported roll."""

    __tablename__ = "ballots"
    __table_args__ = (
        UniqueConstraint("round_id", "account_id", name="uq_ballots_round_account"),
        UniqueConstraint("round_id", "voter_ref", name="uq_ballots_round_voter"),
        CheckConstraint("(account_id IS NULL) OR (voter_ref IS NULL)", name="one_kind_of_voter"),
        Index("ix_ballots_account_id", "account_id"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    round_id: Mapped[int] = owned_by("rounds.id", index=False)
    account_id: Mapped[int | None] = kept_without("accounts.id", index=False)
    voter_ref: Mapped[str | None] = mapped_column(String(64))
    cast_at: Mapped[MaybeMoment]
    changed_at: Mapped[MaybeMoment]


class Mark(Base):
    """What a ballot says of one proposal: 1 for support, or the score 0–5."""

    __tablename__ = "marks"
    __table_args__ = (Index("ix_marks_proposal_ballot", "proposal_id", "ballot_id"),)

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballots.id", ondelete="CASCADE"), primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id", ondelete="CASCADE"), primary_key=True)
    value: Mapped[int]
    version_seen: Mapped[int | None]  # the version of the proposal that the voter read; None on an imported one


class Tally(Base):
    """A count of a round as canonical JSON: rule, candidates, exact totals as text. The newest holds."""

    __tablename__ = "tallies"

    id: Mapped[Id]
    round_id: Mapped[int] = owned_by("rounds.id")
    at: Mapped[Moment]
    result: Mapped[Long]
    sha256: Mapped[str] = mapped_column(String(64))
