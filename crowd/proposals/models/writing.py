"""What is being written: texts begun without an account, and who has a proposal open."""

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crowd.store.db import Base
from crowd.store.types import Id, Json, Long, Moment, kept_without, owned_by


class VisitorDraft(Base):
    """What somebody writes before signing in. `key_hash`: of their browser's key; `draft_key`: public id of the draft to come."""

    __tablename__ = "visitor_drafts"
    __table_args__ = (UniqueConstraint("call_id", "key_hash", name="uq_visitor_drafts_call_key"),)

    id: Mapped[Id]
    call_id: Mapped[int] = owned_by("calls.id", index=False)
    key_hash: Mapped[str] = mapped_column(String(64), index=True)
    draft_key: Mapped[str] = mapped_column(String(16), index=True)
    fields: Mapped[Json] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    opened: Mapped[int] = mapped_column(default=0)  # the version of an own draft it builds upon, when a session ended
    begun_at: Mapped[Moment]
    edited_at: Mapped[Moment] = mapped_column(index=True)


class Presence(Base):
    """That a member of the team has the proposal open for writing: since when, and when it was last heard of."""

    __tablename__ = "presences"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True)
    opened_at: Mapped[Moment]
    seen_at: Mapped[Moment] = mapped_column(index=True)


class Redaction(Base):
    """The text of a proposal without what tells who wrote it, kept beside the version for reviewers who may not know."""

    __tablename__ = "redactions"

    id: Mapped[Id]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id", ondelete="CASCADE"), unique=True)
    version_number: Mapped[int]  # of which it was made
    summary: Mapped[Long]
    body: Mapped[Long]
    files_kept_back: Mapped[bool] = mapped_column(default=False)
    at: Mapped[Moment]
    by_id: Mapped[int | None] = kept_without("accounts.id")
