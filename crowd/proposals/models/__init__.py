"""Proposals with their versions, team and files; who may read them or has a stake in them; how they were screened."""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.status import EntryChannel, MemberStatus, ModerationCode, ModerationState, ProposalStatus
from crowd.proposals.models.contributing import Contribution as Contribution
from crowd.proposals.models.entering import BehalfEntry as BehalfEntry
from crowd.proposals.models.entering import ProposalImport as ProposalImport
from crowd.proposals.models.likeness import Difference as Difference
from crowd.proposals.models.likeness import JoinRequest as JoinRequest
from crowd.proposals.models.likeness import ProposalVector as ProposalVector
from crowd.proposals.models.merging import Merge as Merge
from crowd.proposals.models.writing import Presence as Presence
from crowd.proposals.models.writing import Redaction as Redaction
from crowd.proposals.models.writing import VisitorDraft as VisitorDraft
from crowd.store.db import Base
from crowd.store.search import fold
from crowd.store.types import Id, Json, Long, MaybeMoment, Moment, PublicId, Short, enum_type, kept_without, owned_by

HANDED_IN = "submitted_at IS NOT NULL"
ORDERS = {"submitted": "submitted_at", "title": "title_key", "cost": "cost_key", "supports": "supports"}
"""Orders of lists, each walked along an index of its own, in the whole call or within a status."""


def title_key(title: str) -> str:
    """By what titles are ordered: without case and accents."""
    return fold(title).strip(" \t\n\"'“”«»¿¡")[:80]


def _title_key(context: Any) -> str:
    return title_key(context.get_current_parameters().get("title") or "")


def _along(name: str, *columns: str) -> Index:
    return Index(name, *columns, sqlite_where=text(HANDED_IN), postgresql_where=text(HANDED_IN))


class Proposal(Base):
    """The text of the newest version stands here. `shuffle_1` … `shuffle_8` are random keys for orders shuffled per viewer."""

    __tablename__ = "proposals"
    __table_args__ = (
        CheckConstraint("(status = 'draft') = (submitted_at IS NULL)", name="submitted_at_when_handed_in"),
        CheckConstraint("(status = 'correction') = (correction_due IS NOT NULL)", name="due_when_correction"),
        CheckConstraint("(status = 'merged') = (merged_into_id IS NOT NULL)", name="other_when_merged"),
        CheckConstraint("cost IS NULL OR cost >= 0", name="cost_not_negative"),
        CheckConstraint("moderation = 'visible' OR hidden_reason <> ''", name="reason_when_hidden"),
        UniqueConstraint("call_id", "number", name="uq_proposals_call_number"),
        Index("ix_proposals_call_status", "call_id", "status", "id"),
        _along("ix_proposals_call_status_number", "call_id", "status", "number"),
        *(_along(f"ix_proposals_call_{name}", "call_id", column, "id") for name, column in ORDERS.items()),
        *(_along(f"ix_proposals_status_{name}", "call_id", "status", column, "id") for name, column in ORDERS.items()),
        _along("ix_proposals_call_files", "call_id", "files_count"),
        _along("ix_proposals_call_due", "call_id", "correction_due"),
        *(Index(f"ix_proposals_call_shuffle_{n}", "call_id", f"shuffle_{n}") for n in range(1, 9)),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    call_id: Mapped[int] = owned_by("calls.id", index=False)
    number: Mapped[int | None]  # given at handing in, counted per call
    external_id: Mapped[Short | None]
    lead_id: Mapped[int | None] = kept_without("accounts.id")
    entered: Mapped[EntryChannel | None] = mapped_column(enum_type(EntryChannel))  # by the organization, for somebody
    status: Mapped[ProposalStatus] = mapped_column(enum_type(ProposalStatus), default=ProposalStatus.DRAFT)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id", ondelete="CASCADE"), index=True)
    moderation: Mapped[ModerationState] = mapped_column(enum_type(ModerationState), default=ModerationState.VISIBLE)
    hidden_code: Mapped[ModerationCode | None] = mapped_column(enum_type(ModerationCode))
    hidden_reason: Mapped[Long] = mapped_column(default="")
    title: Mapped[Short] = mapped_column(default="")
    title_key: Mapped[str] = mapped_column(String(80), default=_title_key)
    summary: Mapped[Long] = mapped_column(default="")
    body: Mapped[Long] = mapped_column(default="")
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # to the custom fields of the call, by key
    cost: Mapped[int | None]
    cost_key: Mapped[int] = mapped_column(Computed("coalesce(cost, -1)", persisted=True))  # to order by
    language: Mapped[str] = mapped_column(String(8), default="en")
    in_round: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Moment]
    edited_at: Mapped[Moment]
    edited_by_id: Mapped[int | None] = kept_without("accounts.id")
    submitted_at: Mapped[MaybeMoment]
    receipt_sha256: Mapped[str | None] = mapped_column(String(64))
    correction_due: Mapped[MaybeMoment]
    outcome_reason: Mapped[Long] = mapped_column(default="")  # public once results are, or when left out at once
    supports: Mapped[int] = mapped_column(default=0)  # snapshot by a job, only where counts are open
    comments_count: Mapped[int] = mapped_column(default=0)
    files_count: Mapped[int] = mapped_column(default=0)  # kept by a trigger on attachments
    shuffle_1: Mapped[int] = mapped_column(BigInteger)
    shuffle_2: Mapped[int] = mapped_column(BigInteger)
    shuffle_3: Mapped[int] = mapped_column(BigInteger)
    shuffle_4: Mapped[int] = mapped_column(BigInteger)
    shuffle_5: Mapped[int] = mapped_column(BigInteger)
    shuffle_6: Mapped[int] = mapped_column(BigInteger)
    shuffle_7: Mapped[int] = mapped_column(BigInteger)
    shuffle_8: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(default=1)  # of the row; an edit form carries it

    call: Mapped[Call] = relationship(lazy="raise")
    lead: Mapped[Account | None] = relationship(lazy="raise", foreign_keys=[lead_id])
    team: Mapped[list["TeamMember"]] = relationship(lazy="raise", order_by="TeamMember.position", viewonly=True)
    tags: Mapped[list["ProposalTag"]] = relationship(lazy="raise", order_by="ProposalTag.tag", viewonly=True)
    attachments: Mapped[list["Attachment"]] = relationship(
        lazy="raise",
        order_by="Attachment.id",
        viewonly=True,
        primaryjoin="and_(Attachment.proposal_id == Proposal.id, Attachment.removed_at.is_(None), Attachment.answers.is_(None))",
    )


@event.listens_for(Proposal.title, "set")
def _keep_title_key(proposal: Proposal, title: str, _old: object, _initiator: object) -> None:
    proposal.title_key = title_key(title)


class ProposalCount(Base):
    """How many proposals a call has of each kind that lists tell apart, kept by triggers on proposals.

    PostgreSQL adds a row for each change, so that writers never wait for each other; the sum counts, a job folds them together.
    """

    __tablename__ = "proposal_counts"
    __table_args__ = (Index("ix_proposal_counts_kind", "call_id", "status", "moderation", "in_round"),)

    id: Mapped[Id]
    call_id: Mapped[int] = owned_by("calls.id", index=False)
    status: Mapped[ProposalStatus] = mapped_column(enum_type(ProposalStatus))
    moderation: Mapped[ModerationState] = mapped_column(enum_type(ModerationState))
    in_round: Mapped[bool]
    count: Mapped[int]


class TeamMember(Base):
    """A place in the team. Shares in hundredths of a percent: those in force sum to 10,000, and so do those that are asked."""

    __tablename__ = "team_members"
    __table_args__ = (
        CheckConstraint("share >= 0 AND share <= 10000", name="share_range"),
        CheckConstraint("asked_share >= 0 AND asked_share <= 10000", name="asked_share_range"),
        UniqueConstraint("proposal_id", "email_folded", name="uq_team_members_proposal_email"),
    )

    id: Mapped[Id]
    proposal_id: Mapped[int] = owned_by("proposals.id", index=False)
    account_id: Mapped[int | None] = kept_without("accounts.id")
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[Short]
    email: Mapped[Short]
    email_folded: Mapped[Short] = mapped_column(index=True)
    roles: Mapped[Json] = mapped_column(JSON, default=list)  # CRediT role keys
    share: Mapped[int]
    status: Mapped[MemberStatus] = mapped_column(enum_type(MemberStatus), default=MemberStatus.PENDING)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    invited_at: Mapped[MaybeMoment]  # None until the mail left with its promise
    expires_at: Mapped[MaybeMoment]
    answered_at: Mapped[MaybeMoment]
    asked_share: Mapped[int | None]
    asked_roles: Mapped[Json | None] = mapped_column(JSON(none_as_null=True))
    agreed_at: Mapped[MaybeMoment]
    lead_offered_at: Mapped[MaybeMoment]
    on_profile: Mapped[bool] = mapped_column(default=False)  # the person shows the proposal on the own profile

    account: Mapped[Account | None] = relationship(lazy="raise")


class ProposalTag(Base):
    __tablename__ = "proposal_tags"
    __table_args__ = (UniqueConstraint("proposal_id", "tag", name="uq_proposal_tags_proposal_tag"),)

    id: Mapped[Id]
    proposal_id: Mapped[int] = owned_by("proposals.id", index=False)
    tag: Mapped[str] = mapped_column(String(40), index=True)


class ProposalVersion(Base):
    """The text as it stood: the first when handed in, then one for each edit after.

    `files`: name, size and SHA-256 of each; `sha256`: the hash of the record that its authors can download and hash again.
    """

    __tablename__ = "proposal_versions"
    __table_args__ = (UniqueConstraint("proposal_id", "number", name="uq_proposal_versions_number"),)

    id: Mapped[Id]
    proposal_id: Mapped[int] = owned_by("proposals.id", index=False)
    number: Mapped[int]
    at: Mapped[Moment]
    by_id: Mapped[int | None] = kept_without("accounts.id")
    title: Mapped[Short]
    summary: Mapped[Long]
    body: Mapped[Long]
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    cost: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(8), default="en")
    tags: Mapped[Json] = mapped_column(JSON, default=list)
    files: Mapped[Json] = mapped_column(JSON, default=list)
    sha256: Mapped[str | None] = mapped_column(String(64))
    rules_sha256: Mapped[str | None] = mapped_column(String(64))  # the rules in force then
    note: Mapped[Short] = mapped_column(default="")


class Attachment(Base):
    """A file beside the text, or the answer to the custom field whose key stands in `answers`."""

    __tablename__ = "attachments"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    proposal_id: Mapped[int] = owned_by("proposals.id")
    answers: Mapped[str | None] = mapped_column(String(40))
    filename: Mapped[Short]
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(100))
    preview_key: Mapped[str | None] = mapped_column(
        String(100)
    )  # a small picture of it: WebP, at most 640 pixels a side
    uploaded_by_id: Mapped[int | None] = kept_without("accounts.id")
    uploaded_at: Mapped[Moment]
    removed_at: Mapped[MaybeMoment]  # taken away can be undone; older versions name it


class Exclusion(Base):
    """A conflict of interest declared or confirmed: this account has a stake here."""

    __tablename__ = "exclusions"
    __table_args__ = (UniqueConstraint("proposal_id", "account_id", name="uq_exclusions_proposal_account"),)

    id: Mapped[Id]
    proposal_id: Mapped[int] = owned_by("proposals.id", index=False)
    account_id: Mapped[int] = owned_by("accounts.id")
    reason: Mapped[Long] = mapped_column(default="")
    at: Mapped[Moment]


class Reader(Base):
    """An account that may read this proposal because of its work (a live review assignment)."""

    __tablename__ = "readers"
    __table_args__ = (UniqueConstraint("proposal_id", "account_id", name="uq_readers_proposal_account"),)

    id: Mapped[Id]
    proposal_id: Mapped[int] = owned_by("proposals.id", index=False)
    account_id: Mapped[int] = owned_by("accounts.id")


class Declaration(Base):
    """What the person declared when handing in, under which rules."""

    __tablename__ = "declarations"

    id: Mapped[Id]
    proposal_id: Mapped[int] = owned_by("proposals.id")
    account_id: Mapped[int | None] = kept_without("accounts.id")
    at: Mapped[Moment]
    rules_sha256: Mapped[str] = mapped_column(String(64))
    items: Mapped[Json] = mapped_column(JSON)


class Screening(Base):
    """One decision in screening, with its reason; the newest holds."""

    __tablename__ = "screenings"

    id: Mapped[Id]
    proposal_id: Mapped[int] = owned_by("proposals.id")
    at: Mapped[Moment]
    by_id: Mapped[int | None] = kept_without("accounts.id")
    outcome: Mapped[ProposalStatus] = mapped_column(enum_type(ProposalStatus))
    code: Mapped[str] = mapped_column(String(40), default="")
    text: Mapped[Long] = mapped_column(default="")
    due: Mapped[MaybeMoment]
    version_seen: Mapped[int]
