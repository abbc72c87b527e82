"""Verdicts beside the status, the published result, its corrections, and credit."""

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crowd.accounts.models import Account
from crowd.core.status import LetterFate, Outcome
from crowd.proposals.models import Proposal
from crowd.store.db import Base
from crowd.store.types import Id, Json, Long, MaybeMoment, Moment, PublicId, Short, enum_type, kept_without, owned_by


class Verdict(Base):
    """What is decided about a proposal but not yet published. `confirmed_by_id`: somebody without a stake confirmed the row."""

    __tablename__ = "verdicts"

    id: Mapped[Id]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id", ondelete="CASCADE"), unique=True)
    outcome: Mapped[Outcome] = mapped_column(enum_type(Outcome))
    reason_code: Mapped[str] = mapped_column(String(80), default="")
    reason: Mapped[Long] = mapped_column(default="")
    letter: Mapped[Long] = mapped_column(default="")  # added to the mail, not public
    decided_by_id: Mapped[int | None] = kept_without("accounts.id")
    decided_at: Mapped[Moment]
    confirmed_by_id: Mapped[int | None] = kept_without("accounts.id")
    confirmed_at: Mapped[MaybeMoment]
    version: Mapped[int] = mapped_column(default=1)

    proposal: Mapped[Proposal] = relationship(lazy="raise")


class LetterEdit(Base):
    """What a manager changed in the letter to one author before it is sent; without one it goes out as it is drafted.

    `text` is added, or stands in the place of the drafted words where `replaces`. `verdict_version`: of the verdict it was written for.
    """

    __tablename__ = "letter_edits"
    __table_args__ = (
        UniqueConstraint("proposal_id", "account_id", name="uq_letter_edits_proposal_account"),
        CheckConstraint("fate = 'send' OR reason <> ''", name="reason_when_kept_back"),
        CheckConstraint("NOT replaces OR text <> ''", name="text_when_replaced"),
    )

    id: Mapped[Id]
    proposal_id: Mapped[int] = owned_by("proposals.id", index=False)
    account_id: Mapped[int] = owned_by("accounts.id")
    text: Mapped[Long] = mapped_column(default="")
    replaces: Mapped[bool] = mapped_column(default=False)
    fate: Mapped[LetterFate] = mapped_column(enum_type(LetterFate), default=LetterFate.SEND)
    reason: Mapped[Long] = mapped_column(default="")
    verdict_version: Mapped[int]
    at: Mapped[Moment]
    by_id: Mapped[int | None] = kept_without("accounts.id")
    sent_at: Mapped[MaybeMoment]  # of one that was held back
    version: Mapped[int] = mapped_column(default=1)


class PublishedResult(Base):
    """The whole result as published, canonical JSON: ranking, components, outcomes. One per call."""

    __tablename__ = "published_results"

    id: Mapped[Id]
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), unique=True)
    published_at: Mapped[Moment]
    published_by_id: Mapped[int | None] = kept_without("accounts.id")
    result: Mapped[Long]
    basis: Mapped[Long] = mapped_column(default="")  # what it was made from, for its bundle
    sha256: Mapped[str] = mapped_column(String(64))
    justification: Mapped[Long] = mapped_column(
        default=""
    )  # where people differ from the numbers or exceed places/budget
    incomplete_justification: Mapped[Long] = mapped_column(default="")  # where reviews are missing


class RoundLeavingOut(Base):
    """The reason given to a proposal that did not enter a later round."""

    __tablename__ = "round_leavings"
    __table_args__ = (UniqueConstraint("round_id", "proposal_id", name="uq_round_leavings_round_proposal"),)

    id: Mapped[Id]
    round_id: Mapped[int] = owned_by("rounds.id", index=False)
    proposal_id: Mapped[int] = owned_by("proposals.id")
    reason: Mapped[Long]
    at: Mapped[Moment]
    by_id: Mapped[int | None] = kept_without("accounts.id")


class Correction(Base):
    """What changed of a published result, in public; the earlier text is kept.

    A reason, outcome or credit put right; a selection that its authors declined, or took up after all; a reserve that moved up
    `in_place_of` a proposal, or a place that stays empty. `version`: of the result, where its record holds outcomes and reasons (the
    published record is the first); `sha256`: of the file that this change adds to its bundle.
    """

    __tablename__ = "corrections"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('reason', 'outcome', 'credit', 'declined', 'taken_up', 'moved_up', 'left_empty')", name="kind"
        ),
        CheckConstraint("(version IS NULL) = (sha256 IS NULL)", name="fingerprint_of_version"),
        UniqueConstraint("call_id", "version", name="uq_corrections_call_version"),
    )

    id: Mapped[Id]
    call_id: Mapped[int] = owned_by("calls.id")
    proposal_id: Mapped[int] = owned_by("proposals.id")
    kind: Mapped[str] = mapped_column(String(20))
    before: Mapped[Json] = mapped_column(JSON)
    after: Mapped[Json] = mapped_column(JSON)
    note: Mapped[Long]
    in_place_of_id: Mapped[int | None] = kept_without("proposals.id")
    version: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[Moment]
    by_id: Mapped[int | None] = kept_without("accounts.id")


class Credit(Base):
    """Somebody's part in a selected proposal, with the code of its certificate: a team member's, or that of a comment.

    `name` is empty where nobody is named: the person does not want to be, or is gone.
    """

    __tablename__ = "credits"
    __table_args__ = (UniqueConstraint("proposal_id", "account_id", name="uq_credits_proposal_account"),)

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(32), unique=True)
    proposal_id: Mapped[int] = owned_by("proposals.id", index=False)
    account_id: Mapped[int | None] = kept_without("accounts.id")
    name: Mapped[Short]  # as it stood when issued
    roles: Mapped[Json] = mapped_column(JSON)
    share: Mapped[int]  # hundredths of a percent
    issued_at: Mapped[Moment]
    revoked_at: Mapped[MaybeMoment]
    on_profile: Mapped[bool] = mapped_column(default=True)

    proposal: Mapped[Proposal] = relationship(lazy="raise")


class Endorsement(Base):
    """What a manager of the organization, or somebody credited beside them, says of somebody's part."""

    __tablename__ = "endorsements"
    __table_args__ = (UniqueConstraint("credit_id", "author_id", name="uq_endorsements_credit_author"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    credit_id: Mapped[int] = owned_by("credits.id", index=False)
    author_id: Mapped[int | None] = kept_without("accounts.id")
    for_organization: Mapped[bool] = mapped_column(default=False)
    text: Mapped[Long]
    at: Mapped[Moment]
    removed_at: Mapped[MaybeMoment]

    author: Mapped[Account | None] = relationship(lazy="raise")
