"""Proposals that the organization entered for somebody."""

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from crowd.store.db import Base
from crowd.store.types import Id, Long, MaybeMoment, Moment, PublicId, Short, kept_without, owned_by


class BehalfEntry(Base):
    """For whom the organization entered a proposal, how it came, and who claimed it. Address and contact are private.

    `claim_due`: the link with which the person may take it over is still to be mailed. `refused_at`: they wanted to, and
    have as many proposals in this call as one person may.
    """

    __tablename__ = "behalf_entries"
    __table_args__ = (
        Index(
            "ix_behalf_entries_claim_due", "id", sqlite_where=text("claim_due = 1"), postgresql_where=text("claim_due")
        ),
        Index(
            "ix_behalf_entries_refused",
            "proposal_id",
            sqlite_where=text("refused_at IS NOT NULL"),
            postgresql_where=text("refused_at IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id", ondelete="CASCADE"), unique=True)
    name: Mapped[Short]
    email: Mapped[Short] = mapped_column(default="")
    contact: Mapped[Short] = mapped_column(default="")
    consent: Mapped[Long]
    entered_by_id: Mapped[int | None] = kept_without("accounts.id")
    at: Mapped[Moment]
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    claim_due: Mapped[bool] = mapped_column(default=False)
    claimed_at: Mapped[MaybeMoment]
    refused_at: Mapped[MaybeMoment]


class ProposalImport(Base):
    """A table of proposals that a manager uploaded: looked through first, stored once. The file goes with the storing."""

    __tablename__ = "proposal_imports"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    call_id: Mapped[int] = owned_by("calls.id")
    by_id: Mapped[int | None] = kept_without("accounts.id")
    at: Mapped[Moment]
    filename: Mapped[Short]
    storage_key: Mapped[str] = mapped_column(String(100))
    done_at: Mapped[MaybeMoment]
    stored: Mapped[int] = mapped_column(default=0)
