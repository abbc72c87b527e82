"""Voting and review rounds of a call with their frozen candidate lists."""

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crowd.calls.models import Call
from crowd.core.rules import Blindness, ConflictPolicy, RoundKind
from crowd.proposals.models import Proposal
from crowd.store.db import Base
from crowd.store.types import Id, MaybeMoment, Moment, enum_type, kept_without, owned_by


class CallRound(Base):
    """A voting or review round of a published call; its rules are `call.rules.rounds[key]`. Opening freezes its candidates.

    `blindness` and `conflict_policy` repeat those rules, for statements that ask for them.
    """

    __tablename__ = "rounds"
    __table_args__ = (UniqueConstraint("call_id", "key", name="uq_rounds_call_key"),)

    id: Mapped[Id]
    call_id: Mapped[int] = owned_by("calls.id", index=False)
    key: Mapped[str] = mapped_column(String(40))
    kind: Mapped[RoundKind] = mapped_column(enum_type(RoundKind))
    position: Mapped[int]
    blindness: Mapped[Blindness] = mapped_column(enum_type(Blindness), default=Blindness.SINGLE)
    conflict_policy: Mapped[ConflictPolicy] = mapped_column(enum_type(ConflictPolicy), default=ConflictPolicy.WARN)
    confirmed_at: Mapped[MaybeMoment]  # a manager confirmed the list
    confirmed_by_id: Mapped[int | None] = kept_without("accounts.id")
    opened_at: Mapped[MaybeMoment]
    candidates_sha256: Mapped[str | None] = mapped_column(String(64))
    strikes: Mapped[int] = mapped_column(default=0)  # how often candidates of the list were struck, or came back
    tie_secret: Mapped[str | None] = mapped_column(String(64))  # revealed at close; its hash stands in the rules
    sealed_at: Mapped[MaybeMoment]  # closed for good: every ballot is in the ledger
    counted_percent: Mapped[int | None]  # how far the count of a large vote has come
    counted_at: Mapped[MaybeMoment]
    ballots_count: Mapped[int] = mapped_column(default=0)  # of people who voted; not a count of votes

    call: Mapped[Call] = relationship(lazy="raise")


class Candidate(Base):
    """A proposal on a round's list. `added_at` after opening is a logged act; `struck_at`: withdrawn or disqualified meanwhile."""

    __tablename__ = "candidates"
    __table_args__ = (
        UniqueConstraint("round_id", "proposal_id", name="uq_candidates_round_proposal"),
        Index("ix_candidates_round_reviews", "round_id", "reviews_count", "proposal_id"),
    )

    id: Mapped[Id]
    round_id: Mapped[int] = owned_by("rounds.id", index=False)
    proposal_id: Mapped[int] = owned_by("proposals.id")
    version_number: Mapped[int]  # the version that is voted on or reviewed
    added_at: Mapped[Moment]
    struck_at: Mapped[MaybeMoment]
    reviews_count: Mapped[int] = mapped_column(default=0)  # handed in and standing; kept by a trigger on assignments

    proposal: Mapped[Proposal] = relationship(lazy="raise")
