"""The jury: jurors of a round, what they are assigned, what they wrote."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ColumnElement, ForeignKey, Index, String, UniqueConstraint, and_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crowd.accounts.models import Account
from crowd.core.conflicts import ConflictKind, ConflictSource, ConflictStatus
from crowd.core.rules import ConflictPolicy
from crowd.core.status import AssignmentStatus, JurorStatus
from crowd.proposals.models import Proposal
from crowd.rounds.models import CallRound
from crowd.store.db import Base
from crowd.store.types import Id, Long, MaybeMoment, Moment, PublicId, Short, enum_type, kept_without, owned_by
from crowd.web.names import PersonName


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
    name: Mapped[str] = mapped_column(PersonName)
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


class Conflict(Base):
    """A conflict of interest between a juror and a proposal, declared, noted or found, and what a chair made of it.

    What counts is the stake (`proposals.Exclusion`) that a declared or confirmed one makes; this is its trace, with the reasons.
    """

    __tablename__ = "conflicts"
    __table_args__ = (
        UniqueConstraint("juror_id", "proposal_id", "kind", name="uq_conflicts_juror_proposal_kind"),
        CheckConstraint("status NOT IN ('set_aside', 'taken_back') OR decision <> ''", name="reason_when_dropped"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    round_id: Mapped[int] = owned_by("rounds.id")
    juror_id: Mapped[int] = owned_by("jurors.id", index=False)
    proposal_id: Mapped[int] = owned_by("proposals.id")
    kind: Mapped[ConflictKind] = mapped_column(enum_type(ConflictKind))
    source: Mapped[ConflictSource] = mapped_column(enum_type(ConflictSource))
    status: Mapped[ConflictStatus] = mapped_column(enum_type(ConflictStatus))
    reason: Mapped[Long] = mapped_column(default="")
    at: Mapped[Moment]
    by_id: Mapped[int | None] = kept_without("accounts.id")
    decision: Mapped[Long] = mapped_column(default="")
    decided_at: Mapped[MaybeMoment]
    decided_by_id: Mapped[int | None] = kept_without("accounts.id")

    juror: Mapped[Juror] = relationship(lazy="raise")
    proposal: Mapped[Proposal] = relationship(lazy="raise")


def waits_and_blocks(round_id: Any) -> ColumnElement[bool]:
    """`core.conflicts.blocks` as SQL, for statements over Conflict: nobody looked at it yet, and the round's policy is to block."""
    strict = select(CallRound.id).where(CallRound.conflict_policy == ConflictPolicy.BLOCK)
    return and_(Conflict.status == ConflictStatus.OPEN, round_id.in_(strict))


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
    """What a juror wrote about one proposal; a draft until `submitted_at`. `confidence`: how sure, 1 to 3."""

    __tablename__ = "reviews"
    __table_args__ = (CheckConstraint("confidence BETWEEN 1 AND 3", name="confidence_known"),)

    id: Mapped[Id]
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id", ondelete="CASCADE"), unique=True)
    comment_panel: Mapped[Long] = mapped_column(default="")
    comment_authors: Mapped[Long] = mapped_column(default="")
    saved_at: Mapped[Moment]
    submitted_at: Mapped[MaybeMoment]
    version_seen: Mapped[int]
    confidence: Mapped[int | None]
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


class ScoreChange(Base):
    """A score of a review that was changed after it was handed in."""

    __tablename__ = "score_changes"

    id: Mapped[Id]
    review_id: Mapped[int] = owned_by("reviews.id")
    criterion: Mapped[str] = mapped_column(String(40))
    before: Mapped[int | None]
    after: Mapped[int | None]
    at: Mapped[Moment]


class Remark(Base):
    """What somebody of the panel says about a proposal to those who have reviewed it."""

    __tablename__ = "remarks"
    __table_args__ = (Index("ix_remarks_round_proposal", "round_id", "proposal_id", "id"),)

    id: Mapped[Id]
    round_id: Mapped[int] = owned_by("rounds.id", index=False)
    proposal_id: Mapped[int] = owned_by("proposals.id")
    author_id: Mapped[int | None] = kept_without("accounts.id")
    text: Mapped[Long]
    at: Mapped[Moment]

    author: Mapped[Account | None] = relationship(lazy="raise")


class Discussion(Base):
    """The panel was called together over a proposal, because its reviews lie far apart."""

    __tablename__ = "discussions"
    __table_args__ = (UniqueConstraint("round_id", "proposal_id", name="uq_discussions_round_proposal"),)

    id: Mapped[Id]
    round_id: Mapped[int] = owned_by("rounds.id", index=False)
    proposal_id: Mapped[int] = owned_by("proposals.id")
    opened_at: Mapped[Moment]
