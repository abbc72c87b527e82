"""Reports by readers on what does not belong here."""

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crowd.core.status import ModerationCode, ReportDecision
from crowd.store.db import Base
from crowd.store.types import Id, Long, MaybeMoment, Moment, enum_type, kept_without, owned_by


class Report(Base):
    """One person's report on a proposal, or on a comment or endorsement (then `proposal_id` says where it stands).

    `thing` names what is reported, `proposal:7`, `comment:12` or `endorsement:3`: a person reports one thing once.
    """

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("reporter_id", "thing", name="uq_reports_reporter_thing"),
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided_with_decision"),
        Index("ix_reports_call_decision", "call_id", "decision", "id"),
        Index("ix_reports_thing", "thing"),
    )

    id: Mapped[Id]
    call_id: Mapped[int] = owned_by("calls.id", index=False)
    proposal_id: Mapped[int | None] = owned_by("proposals.id")
    comment_id: Mapped[int | None] = owned_by("comments.id")
    endorsement_id: Mapped[int | None] = owned_by("endorsements.id")
    thing: Mapped[str] = mapped_column(String(40))
    reporter_id: Mapped[int | None] = kept_without("accounts.id", index=False)
    code: Mapped[ModerationCode] = mapped_column(enum_type(ModerationCode))
    text: Mapped[Long] = mapped_column(default="")
    created_at: Mapped[Moment]
    decided_at: Mapped[MaybeMoment]
    decided_by_id: Mapped[int | None] = kept_without("accounts.id")
    decision: Mapped[ReportDecision | None] = mapped_column(enum_type(ReportDecision))
