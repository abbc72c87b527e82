"""Organizations, their people, and invitations to join them."""

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crowd.accounts.models import Account
from crowd.core.status import OrganizationRole, OrganizationStatus
from crowd.store.db import Base
from crowd.store.types import Id, Long, MaybeMoment, Moment, PublicId, Short, enum_type, kept_without, owned_by


class Organization(Base):
    __tablename__ = "organizations"
    __table_args__ = (
        CheckConstraint("status = 'requested' OR decided_at IS NOT NULL", name="decided_when_not_requested"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[Short]
    summary: Mapped[Short] = mapped_column(default="")
    about: Mapped[Long] = mapped_column(default="")
    website: Mapped[Short] = mapped_column(default="")
    contact: Mapped[Short] = mapped_column(default="")
    accent: Mapped[str] = mapped_column(String(7), default="")  # "#rrggbb" or empty for the default
    language: Mapped[str] = mapped_column(String(8), default="en")
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    status: Mapped[OrganizationStatus] = mapped_column(enum_type(OrganizationStatus), index=True)
    requested_by_id: Mapped[int | None] = kept_without("accounts.id")
    created_at: Mapped[Moment]
    decided_at: Mapped[MaybeMoment]
    decided_by_id: Mapped[int | None] = kept_without("accounts.id")
    decision_reason: Mapped[Long] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)


class Membership(Base):
    """A person's one role in an organization."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("organization_id", "account_id", name="uq_memberships_organization_account"),)

    id: Mapped[Id]
    organization_id: Mapped[int] = owned_by("organizations.id", index=False)
    account_id: Mapped[int] = owned_by("accounts.id")
    role: Mapped[OrganizationRole] = mapped_column(enum_type(OrganizationRole))
    joined_at: Mapped[Moment]

    organization: Mapped[Organization] = relationship(lazy="raise")
    account: Mapped[Account] = relationship(lazy="raise")


class OrganizationInvitation(Base):
    """An invitation by mail; only the hash of its token is kept."""

    __tablename__ = "organization_invitations"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organization_id: Mapped[int] = owned_by("organizations.id")
    email: Mapped[Short]
    role: Mapped[OrganizationRole] = mapped_column(enum_type(OrganizationRole))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int | None] = kept_without("accounts.id")
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    accepted_at: Mapped[MaybeMoment]
    withdrawn_at: Mapped[MaybeMoment]
