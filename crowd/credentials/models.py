"""Credentials that organizations issued, and which of them hold no more."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crowd.organizations.models import Organization
from crowd.store.db import Base
from crowd.store.types import Id, MaybeMoment, Moment, PublicId, enum_type, kept_without, owned_by


class Revocation(StrEnum):
    """Why a credential holds no more."""

    CORRECTED = "corrected"  # the credit says something else now
    DECLINED = "declined"  # the authors gave the place up
    TAKEN_BACK = "taken_back"  # by the organization, with the credit
    UNNAMED = "unnamed"  # the person does not want to be named
    RENEWED = "renewed"  # the person made another
    ERASED = "erased"  # the account is gone


class Credential(Base):
    """`token` is what was signed, as it was handed out; it is forgotten where it must name nobody any more.

    `list_number` and `list_index`: its place in the issuer's status lists, never given twice. `sha256` is that of the token.
    """

    __tablename__ = "credentials"
    __table_args__ = (
        CheckConstraint("(revoked_at IS NULL) = (revoked_for IS NULL)", name="reason_when_revoked"),
        CheckConstraint("token IS NOT NULL OR revoked_at IS NOT NULL", name="token_while_it_holds"),
        UniqueConstraint("organization_id", "list_number", "list_index", name="uq_credentials_place"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organization_id: Mapped[int] = owned_by("organizations.id", index=False)
    credit_id: Mapped[int | None] = kept_without("credits.id")
    account_id: Mapped[int | None] = kept_without("accounts.id")
    list_number: Mapped[int]
    list_index: Mapped[int]
    key: Mapped[str] = mapped_column(String(64))  # the name of the public key
    token: Mapped[str | None] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[Moment]
    revoked_at: Mapped[MaybeMoment]
    revoked_for: Mapped[Revocation | None] = mapped_column(enum_type(Revocation))

    organization: Mapped[Organization] = relationship(lazy="raise")
