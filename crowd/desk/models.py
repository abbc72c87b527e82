"""What an organization keeps for itself beside proposals: labels, notes, who looks after which, saved filters, chosen columns."""

from sqlalchemy import JSON, CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crowd.accounts.models import Account
from crowd.store.db import Base
from crowd.store.types import Id, Json, Long, MaybeMoment, Moment, PublicId, kept_without, owned_by


class Label(Base):
    """A private mark of an organization, for its calls' proposals."""

    __tablename__ = "labels"
    __table_args__ = (UniqueConstraint("organization_id", "name_folded", name="uq_labels_organization_name"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organization_id: Mapped[int] = owned_by("organizations.id", index=False)
    name: Mapped[str] = mapped_column(String(40))
    name_folded: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[Moment]


class Labelled(Base):
    """A label on a proposal."""

    __tablename__ = "proposal_labels"
    __table_args__ = (UniqueConstraint("label_id", "proposal_id", name="uq_proposal_labels_label_proposal"),)

    id: Mapped[Id]
    label_id: Mapped[int] = owned_by("labels.id", index=False)
    proposal_id: Mapped[int] = owned_by("proposals.id")
    by_id: Mapped[int | None] = kept_without("accounts.id")
    at: Mapped[Moment]

    label: Mapped[Label] = relationship(lazy="raise")


class Note(Base):
    """What one of the organization's people noted about a proposal; nobody without a role there ever reads it."""

    __tablename__ = "proposal_notes"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    proposal_id: Mapped[int] = owned_by("proposals.id")
    author_id: Mapped[int | None] = kept_without("accounts.id")
    text: Mapped[Long]
    at: Mapped[Moment]
    removed_at: Mapped[MaybeMoment]

    author: Mapped[Account | None] = relationship(lazy="raise")


class Colleague(Base):
    """Who of the organization looks after a proposal."""

    __tablename__ = "proposal_colleagues"
    __table_args__ = (UniqueConstraint("account_id", "proposal_id", name="uq_proposal_colleagues_account_proposal"),)

    id: Mapped[Id]
    account_id: Mapped[int] = owned_by("accounts.id", index=False)
    proposal_id: Mapped[int] = owned_by("proposals.id")
    by_id: Mapped[int | None] = kept_without("accounts.id")
    at: Mapped[Moment]

    account: Mapped[Account] = relationship(lazy="raise", foreign_keys=[account_id])


class SavedFilter(Base):
    """A named query of the table; of one person, or shared with the organization."""

    __tablename__ = "saved_filters"
    __table_args__ = (CheckConstraint("name <> ''", name="name_given"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organization_id: Mapped[int] = owned_by("organizations.id")
    owner_id: Mapped[int] = owned_by("accounts.id")
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[Json] = mapped_column(JSON)
    is_shared: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Moment]


class ChosenColumns(Base):
    """The columns one person wants to see of one call's table."""

    __tablename__ = "chosen_columns"
    __table_args__ = (UniqueConstraint("account_id", "call_id", name="uq_chosen_columns_account_call"),)

    id: Mapped[Id]
    account_id: Mapped[int] = owned_by("accounts.id", index=False)
    call_id: Mapped[int] = owned_by("calls.id")
    columns: Mapped[Json] = mapped_column(JSON)


class BulkAct(Base):
    """What a bulk act changed, so that it can be undone: `data` names the rows."""

    __tablename__ = "bulk_acts"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    call_id: Mapped[int] = owned_by("calls.id")
    by_id: Mapped[int | None] = kept_without("accounts.id")
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[Moment]
    data: Mapped[Json] = mapped_column(JSON)
    undone_at: Mapped[MaybeMoment]
