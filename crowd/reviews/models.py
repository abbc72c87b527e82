"""The jury: jurors of a round, what they are assigned, what they wrote."""

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crowd.accounts.models import Account
from crowd.core.status import AssignmentStatus, JurorStatus
from crowd.proposals.models import Proposal
from crowd.rounds.models import CallRound
from crowd.store.db import Base
from crowd.store.types import Id, Long, MaybeMoment, Moment, PublicId, Short, enum_type, kept_without, owned_by


class Juror(Base):
    """A reviewer of one round, invited by mail. `account_id` is set when the invitation is accepted.

    Two links open the invitation: the mailed one (`token_hash`) proves the address, the one a chair may copy (`copied_hash`)
    does not. `link_number` goes up when both are replaced. `skills` (tags) and `expertise` (a statement) say what the juror knows,
    `load_limit` how many reviews they take at most, both for the proposed assignment.
    """

    __tablename__ = "jurors"
    __table_args__ = (
        UniqueConstraint("round_id", "email_folded", name="uq_jurors_round_email"),
        CheckConstraint("status <> 'accepted' OR account_id IS NOT NULL", name="account_when_accepted"),
        CheckConstraint("load_limit IS NULL OR load_limit >= 0", name="load_limit_not_negative"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    round_id: Mapped[int] = owned_by("rounds.id", index=False)
    account_id: Mapped[int | None] = kept_without("accounts.id")
    email: Mapped[Short]
    email_folded: Mapped[Short]
    name: Mapped[Short]
    is_chair: Mapped[bool] = mapped_column(default=False)
    status: Mapped[JurorStatus] = mapped_column(enum_type(JurorStatus), default=JurorStatus.INVITED)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    copied_hash: Mapped[str] = mapped_column(String(64), unique=True)
    link_number: Mapped[int] = mapped_column(default=1)
    invited_by_id: Mapped[int | None] = kept_without("accounts.id")
    invited_at: Mapped[Moment]
    answered_at: Mapped[MaybeMoment]
    terms_accepted_at: Mapped[MaybeMoment]
    conflicts_declared_at: Mapped[MaybeMoment]
    decline_reason: Mapped[Long] = mapped_column(default="")
    reminded_at: Mapped[MaybeMoment]
    skills: Mapped[list[str]] = mapped_column(JSON, default=list)
    expertise: Mapped[Long] = mapped_column(default="")
    load_limit: Mapped[int | None]

    round: Mapped[CallRound] = relationship(lazy="raise")
    account: Mapped[Account | None] = relationship(lazy="raise", foreign_keys=[account_id])

    @property
    def addresses(self) -> frozenset[str]:
        """Every folded address the juror is known by here; `account` must be loaded."""
        return frozenset({self.email_folded} | ({self.account.email_folded} if self.account else set()))


class Assignment(Base):
    """One proposal for one juror."""

    __tablename__ = "assignments"
    __table_args__ = (UniqueConstraint("juror_id", "proposal_id", name="uq_assignments_juror_proposal"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    round_id: Mapped[int] = owned_by("rounds.id")
    juror_id: Mapped[int] = owned_by("jurors.id", index=False)
    proposal_id: Mapped[int] = owned_by("proposals.id")
    status: Mapped[AssignmentStatus] = mapped_column(enum_type(AssignmentStatus), default=AssignmentStatus.ASSIGNED)
    assigned_by_id: Mapped[int | None] = kept_without("accounts.id")
    assigned_at: Mapped[Moment]
    skipped_at: Mapped[MaybeMoment]
    recusal_reason: Mapped[Long] = mapped_column(default="")

    juror: Mapped[Juror] = relationship(lazy="raise")
    proposal: Mapped[Proposal] = relationship(lazy="raise")
    review: Mapped["Review | None"] = relationship(lazy="raise", back_populates="assignment")


class Review(Base):
    """What a juror wrote about one proposal; a draft until `submitted_at`."""

    __tablename__ = "reviews"

    id: Mapped[Id]
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id", ondelete="CASCADE"), unique=True)
    comment_panel: Mapped[Long] = mapped_column(default="")
    comment_authors: Mapped[Long] = mapped_column(default="")
    saved_at: Mapped[Moment]
    submitted_at: Mapped[MaybeMoment]
    version_seen: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)

    assignment: Mapped[Assignment] = relationship(lazy="raise", back_populates="review")
    scores: Mapped[list["ReviewScore"]] = relationship(lazy="raise", viewonly=True)


class ReviewScore(Base):
    """One criterion: level index (0 is the lowest), and a comment to the panel or to the authors."""

    __tablename__ = "review_scores"
    __table_args__ = (
        UniqueConstraint("review_id", "criterion", name="uq_review_scores_criterion"),
        CheckConstraint("score IS NULL OR score >= 0", name="score_not_negative"),
    )

    id: Mapped[Id]
    review_id: Mapped[int] = owned_by("reviews.id", index=False)
    criterion: Mapped[str] = mapped_column(String(40))
    score: Mapped[int | None]
    comment: Mapped[Long] = mapped_column(default="")
    to_authors: Mapped[bool] = mapped_column(default=False)
