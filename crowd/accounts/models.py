"""People: accounts, the links that prove an address, the legal texts they accept."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, Select, String, UniqueConstraint, bindparam, func, select
from sqlalchemy.orm import Mapped, mapped_column

from crowd.store.db import Base
from crowd.store.types import (
    Id,
    Json,
    Long,
    MaybeMoment,
    Moment,
    PublicId,
    Short,
    UtcDateTime,
    enum_type,
    kept_without,
    owned_by,
)
from crowd.web.names import PersonName


class Account(Base):
    """One person. `email` is as typed, `email_folded` is what must be unique; without `password_hash` one signs in by link.

    Of an erased person the row stays, with nothing in it: what counts hangs on it, and no newcomer is given its number.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint(
            "(picture_key IS NULL) = (picture_small_key IS NULL) AND (picture_key IS NULL) = (picture_type IS NULL)",
            name="picture_whole",
        ),
        CheckConstraint(
            "erased_at IS NULL OR (email = '' AND name = '' AND password_hash IS NULL)", name="nothing_kept"
        ),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    email: Mapped[Short]
    email_folded: Mapped[str] = mapped_column(String(300), unique=True)
    password_hash: Mapped[Short | None]
    name: Mapped[str] = mapped_column(PersonName)
    bio: Mapped[Long] = mapped_column(default="")
    links: Mapped[Json] = mapped_column(JSON, default=list)
    orcid: Mapped[str] = mapped_column(String(19), default="")
    language: Mapped[str] = mapped_column(String(8), default="en")
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_demo: Mapped[bool] = mapped_column(default=False)
    rehearsal_id: Mapped[int | None] = mapped_column(index=True)  # a call's synthetic person, who can never sign in
    profile_public: Mapped[bool] = mapped_column(default=True)
    picture_key: Mapped[str | None] = mapped_column(String(32))  # of the stored file, new with each picture
    picture_small_key: Mapped[str | None] = mapped_column(String(32))
    picture_type: Mapped[str | None] = mapped_column(String(40))
    unsubscribe_key: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[Moment]
    verified_at: Mapped[MaybeMoment]
    blocked_at: Mapped[MaybeMoment]
    erased_at: Mapped[MaybeMoment]  # then `blocked_at` is set, too: nobody is let in or written to
    seen_at: Mapped[MaybeMoment]
    accepted_at: Mapped[MaybeMoment]  # when the legal texts then in force were accepted last


class BrowserSession(Base):
    """One browser signed in to one account; only the hash of its key is kept. `device_hash` outlives signing out: it tells a known browser."""

    __tablename__ = "browser_sessions"
    __table_args__ = (Index("ix_browser_sessions_account_ended", "account_id", "ended_at"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    account_id: Mapped[int] = owned_by("accounts.id", index=False)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device_hash: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(40))
    system: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[Moment]
    used_at: Mapped[Moment] = mapped_column(index=True)
    ended_at: Mapped[MaybeMoment]


class LinkPurpose(StrEnum):
    VERIFY = "verify"
    SIGN_IN = "sign_in"
    RESET = "reset"
    NOT_ME = "not_me"  # somebody else signed in
    NEW_ADDRESS = "new_address"  # to the address that an account shall have
    OLD_ADDRESS = "old_address"  # to the one it had, to take it back


class MailedLink(Base):
    """A link sent to an address; only the hash of its token is kept. Used once, until `expires_at`.

    `email_folded`, `email`: the address it is about, where that is not the account's own.
    """

    __tablename__ = "mailed_links"

    id: Mapped[Id]
    account_id: Mapped[int] = owned_by("accounts.id")
    purpose: Mapped[LinkPurpose] = mapped_column(enum_type(LinkPurpose))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    next_path: Mapped[Short] = mapped_column(default="")
    email: Mapped[Short] = mapped_column(default="")
    email_folded: Mapped[str] = mapped_column(String(300), default="", index=True)
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    used_at: Mapped[MaybeMoment]


class LegalKind(StrEnum):
    TERMS = "terms"
    PRIVACY = "privacy"


class LegalText(Base):
    """A version of the terms or the privacy notice, in both languages (Markdown). The newest version holds.

    `is_built_in`: the product's own text, stored when the first person accepted it, before an administrator published one.
    """

    __tablename__ = "legal_texts"
    __table_args__ = (
        UniqueConstraint("kind", "version", name="uq_legal_texts_kind_version"),
        CheckConstraint("version > 0", name="version_positive"),
    )

    id: Mapped[Id]
    kind: Mapped[LegalKind] = mapped_column(enum_type(LegalKind))
    version: Mapped[int]
    body_en: Mapped[Long]
    body_es: Mapped[Long]
    is_built_in: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[Moment]
    published_by_id: Mapped[int | None] = kept_without("accounts.id")


def is_behind(accepted_at: datetime | None, texts_at: datetime | None) -> bool:
    return accepted_at is None or (texts_at is not None and texts_at > accepted_at)


def people_signed_in() -> Select[Any]:
    """Sessions of browsers that hold since `since`, with a few columns of the account that each is of, shut out or not: asked on every
    page, so person, session and texts are one question.
    """
    person, here = Account.__table__.c, BrowserSession.__table__.c
    return (
        select(
            *(person.id, person.public_id, person.name, person.language, person.time_zone, person.is_admin),
            *(person.created_at, person.verified_at, person.accepted_at, person.blocked_at),
            *(here.id.label("session_id"), here.used_at, texts_published().scalar_subquery().label("texts_at")),
        )
        .join_from(Account.__table__, BrowserSession.__table__, here.account_id == person.id)
        .where(here.used_at > bindparam("since", type_=UtcDateTime()), here.ended_at.is_(None))
    )


def texts_published() -> Select[datetime | None]:
    """When an administrator last published a text of their own."""
    return select(func.max(LegalText.published_at)).where(LegalText.is_built_in.is_(False))


class Acceptance(Base):
    """That a person accepted a version of a legal text, and when."""

    __tablename__ = "acceptances"
    __table_args__ = (Index("ix_acceptances_account_text", "account_id", "legal_text_id", unique=True),)

    id: Mapped[Id]
    account_id: Mapped[int] = owned_by("accounts.id", index=False)
    legal_text_id: Mapped[int] = owned_by("legal_texts.id")
    accepted_at: Mapped[Moment]
