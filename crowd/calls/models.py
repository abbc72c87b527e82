"""Open calls: the rules value, the schedule in force beside it, and the acts that shifted it."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crowd.core.rules import Audience, Publicity, ResultsPublicity
from crowd.core.status import CallStatus, InvitationKind, StageKind
from crowd.organizations.models import Organization
from crowd.store.db import Base
from crowd.store.types import Id, Json, Long, MaybeMoment, Moment, PublicId, Short, enum_type, kept_without, owned_by


class Call(Base):
    """`draft` is the rules value being written; at publishing `rules` keeps its canonical JSON and `rules_sha256` its fingerprint.

    `title`, `lead`, `audience`, `publicity` and `results_publicity` repeat the rules for SQL; only `calls.actions` writes them.
    Of a published call `draft` is the copy in which an amendment is written, while `amending_at` is set.
    """

    __tablename__ = "calls"
    __table_args__ = (
        CheckConstraint("(status = 'draft') = (rules IS NULL)", name="rules_when_published"),
        CheckConstraint("(rules IS NULL) = (rules_sha256 IS NULL)", name="fingerprint_with_rules"),
        CheckConstraint("(status = 'paused') = (paused_at IS NOT NULL)", name="paused_at_when_paused"),
        Index("ix_calls_organization_status", "organization_id", "status"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organization_id: Mapped[int] = owned_by("organizations.id", index=False)
    created_by_id: Mapped[int | None] = kept_without("accounts.id")
    status: Mapped[CallStatus] = mapped_column(enum_type(CallStatus), default=CallStatus.DRAFT)
    draft: Mapped[Json] = mapped_column(JSON)
    rules: Mapped[Long | None]
    rules_sha256: Mapped[str | None] = mapped_column(String(64))
    title: Mapped[Short] = mapped_column(default="")
    lead: Mapped[Long] = mapped_column(default="")
    audience: Mapped[Audience] = mapped_column(enum_type(Audience), default=Audience.PUBLIC)
    publicity: Mapped[Publicity] = mapped_column(enum_type(Publicity), default=Publicity.AT_ONCE)
    results_publicity: Mapped[ResultsPublicity] = mapped_column(
        enum_type(ResultsPublicity), default=ResultsPublicity.EVERYTHING
    )
    submission_closes_at: Mapped[MaybeMoment]  # of the schedule in force
    next_change_at: Mapped[MaybeMoment] = mapped_column(index=True)  # when the stage changes next; a hint for jobs
    created_at: Mapped[Moment]
    edited_at: Mapped[Moment]
    published_at: Mapped[MaybeMoment] = mapped_column(index=True)
    published_by_id: Mapped[int | None] = kept_without("accounts.id")
    paused_at: Mapped[MaybeMoment]
    closing_announced_at: Mapped[MaybeMoment]  # notice that submission will be closed early
    ended_at: Mapped[MaybeMoment]
    ended_reason: Mapped[Long] = mapped_column(default="")
    results_published_at: Mapped[MaybeMoment] = mapped_column(index=True)
    free_places: Mapped[int] = mapped_column(default=0)  # left by selected proposals since, not settled yet
    amending_at: Mapped[MaybeMoment]  # an amendment is being written since then
    list_frozen_at: Mapped[MaybeMoment]  # the first candidate list was frozen: nobody hands in late any more
    archived_at: Mapped[MaybeMoment]  # out of the directory, still reachable
    cover: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # as `actions.cover` writes it
    is_demo: Mapped[bool] = mapped_column(default=False)
    is_rehearsal: Mapped[bool] = mapped_column(default=False)
    rehearsal_of_id: Mapped[int | None] = kept_without("calls.id")
    imported_from: Mapped[Short] = mapped_column(default="")
    proposals_count: Mapped[int] = mapped_column(default=0)  # handed in and not withdrawn
    last_number: Mapped[int] = mapped_column(default=0)  # of proposals
    version: Mapped[int] = mapped_column(default=1)

    organization: Mapped[Organization] = relationship(lazy="raise")
    stages: Mapped[list["CallStage"]] = relationship(lazy="raise", order_by="CallStage.position", viewonly=True)
    tags: Mapped[list["CallTag"]] = relationship(lazy="raise", order_by="CallTag.tag", viewonly=True)


class CallStage(Base):
    """One stage of the schedule in force. The frozen dates stay in the rules."""

    __tablename__ = "call_stages"
    __table_args__ = (
        UniqueConstraint("call_id", "position", name="uq_call_stages_position"),
        UniqueConstraint("call_id", "key", name="uq_call_stages_key"),
        CheckConstraint("closes_at IS NULL OR closes_at > opens_at", name="closes_after_opening"),
        Index("ix_call_stages_kind_opens", "kind", "opens_at"),
    )

    id: Mapped[Id]
    call_id: Mapped[int] = owned_by("calls.id", index=False)
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(40))
    kind: Mapped[StageKind] = mapped_column(enum_type(StageKind))
    opens_at: Mapped[Moment]
    closes_at: Mapped[MaybeMoment]
    announced_at: Mapped[MaybeMoment]  # the clock job told those concerned


class CallTag(Base):
    __tablename__ = "call_tags"
    __table_args__ = (
        UniqueConstraint("call_id", "tag", name="uq_call_tags_call_tag"),
        Index("ix_call_tags_tag", "tag"),
    )

    id: Mapped[Id]
    call_id: Mapped[int] = owned_by("calls.id", index=False)
    tag: Mapped[str] = mapped_column(String(40))


class ScheduleShift(Base):
    """A logged act upon the schedule: pause, resume, extend, close early, with the dates before and after."""

    __tablename__ = "schedule_shifts"

    id: Mapped[Id]
    call_id: Mapped[int] = owned_by("calls.id")
    act: Mapped[str] = mapped_column(String(20))
    at: Mapped[Moment]
    by_id: Mapped[int | None] = kept_without("accounts.id")
    reason: Mapped[Long]
    before: Mapped[Json] = mapped_column(JSON)
    after: Mapped[Json] = mapped_column(JSON)


class CallInvitation(Base):
    """A way in for the invited: an address of a list, a link or a code, until it expires, is used up or is revoked.

    The secret of a link is derived from the public id, so that it can be shown again; of a code only the hash is looked up.
    """

    __tablename__ = "call_invitations"
    __table_args__ = (
        CheckConstraint("max_uses IS NULL OR uses <= max_uses", name="uses_within"),
        UniqueConstraint("call_id", "email_folded", name="uq_call_invitations_call_email"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    call_id: Mapped[int] = owned_by("calls.id", index=False)
    kind: Mapped[InvitationKind] = mapped_column(enum_type(InvitationKind))
    label: Mapped[Short] = mapped_column(default="")
    email: Mapped[Short] = mapped_column(default="")
    email_folded: Mapped[Short | None] = mapped_column(index=True)  # only of an address of a list
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    expires_at: Mapped[MaybeMoment]
    max_uses: Mapped[int | None]
    uses: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[Moment]
    by_id: Mapped[int | None] = kept_without("accounts.id")
    revoked_at: Mapped[MaybeMoment]


class Admission(Base):
    """That a person was invited to a call and came in; it stays when the way in is closed."""

    __tablename__ = "admissions"
    __table_args__ = (UniqueConstraint("account_id", "call_id", name="uq_admissions_account_call"),)

    id: Mapped[Id]
    account_id: Mapped[int] = owned_by("accounts.id", index=False)
    call_id: Mapped[int] = owned_by("calls.id")
    invitation_id: Mapped[int | None] = kept_without("call_invitations.id")
    at: Mapped[Moment]


class LatePermit(Base):
    """Leave for one person to hand in after the close, until `until`. `reason` is for the organization alone."""

    __tablename__ = "late_permits"
    __table_args__ = (UniqueConstraint("call_id", "email_folded", name="uq_late_permits_call_email"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    call_id: Mapped[int] = owned_by("calls.id", index=False)
    account_id: Mapped[int | None] = kept_without("accounts.id")
    email: Mapped[Short]
    email_folded: Mapped[Short] = mapped_column(index=True)
    reason: Mapped[Long]
    until: Mapped[Moment]
    given_at: Mapped[Moment]
    by_id: Mapped[int | None] = kept_without("accounts.id")
    revoked_at: Mapped[MaybeMoment]


class CallTemplate(Base):
    """Rules that an organization keeps to start its next calls from."""

    __tablename__ = "call_templates"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organization_id: Mapped[int] = owned_by("organizations.id")
    name: Mapped[Short]
    rules: Mapped[Json] = mapped_column(JSON)
    by_id: Mapped[int | None] = kept_without("accounts.id")
    made_at: Mapped[Moment]
