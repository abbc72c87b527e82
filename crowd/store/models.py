"""Tables that belong to no area: events and what became of them, failures of jobs, kept forms, search index."""

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crowd.core.events import EventKind
from crowd.store.db import Base
from crowd.store.types import Id, Json, Long, MaybeMoment, Moment, PublicId, Short, enum_type


class Event(Base):
    """One thing that happened; also the audit entry. Ids of nouns are kept without foreign keys: the trace outlives them."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_pending", "delivered_at", "id"), Index("ix_events_call_id_id", "call_id", "id"))

    id: Mapped[Id]
    kind: Mapped[EventKind] = mapped_column(enum_type(EventKind))
    at: Mapped[Moment]
    actor_id: Mapped[int | None] = mapped_column(index=True)
    organization_id: Mapped[int | None] = mapped_column(index=True)
    call_id: Mapped[int | None]
    proposal_id: Mapped[int | None] = mapped_column(index=True)
    subject_id: Mapped[int | None]
    source: Mapped[str | None] = mapped_column(String(32))
    target: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[Long | None]
    data: Mapped[Json] = mapped_column(JSON, default=dict)
    once_key: Mapped[str | None] = mapped_column(String(120), unique=True)  # what the clock announces only once
    delivered_at: Mapped[MaybeMoment]


class Delivery(Base):
    """One subscriber's work for one event: done once, or its attempts and last error."""

    __tablename__ = "deliveries"
    __table_args__ = (UniqueConstraint("event_id", "subscriber", name="uq_deliveries_event_subscriber"),)

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    subscriber: Mapped[str] = mapped_column(String(100))
    attempts: Mapped[int] = mapped_column(default=1)
    error: Mapped[Long | None]
    done_at: Mapped[MaybeMoment]


class JobRun(Base):
    """The newest run of each periodic job, and its lock: `locked_until` in the future means somebody is at it."""

    __tablename__ = "job_runs"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    locked_until: Mapped[MaybeMoment]
    started_at: Mapped[MaybeMoment]
    finished_at: Mapped[MaybeMoment]
    failures: Mapped[int] = mapped_column(default=0)
    error: Mapped[Long | None]


class KeptForm(Base):
    """A form that could not be taken (session over, token stale): kept so that no typed word is lost."""

    __tablename__ = "kept_forms"

    id: Mapped[Id]
    token: Mapped[PublicId]
    path: Mapped[Short]
    fields: Mapped[Json] = mapped_column(JSON)
    kept_at: Mapped[Moment] = mapped_column(index=True)


class SearchDocument(Base):
    """Folded text of one noun for full-text search; `noun` and `noun_id` name the row, the index itself is per database."""

    __tablename__ = "search_documents"
    __table_args__ = (UniqueConstraint("noun", "noun_id", name="uq_search_documents_noun"),)

    id: Mapped[Id]
    noun: Mapped[str] = mapped_column(String(20))
    noun_id: Mapped[int]
    title: Mapped[Long]
    text: Mapped[Long]


class Attempt(Base):
    """Counted tries (sign-in, reset, codes, ballots) behind rate limits; `key` is a keyed hash, never an address."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_key_at", "key", "at"),)

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[Moment] = mapped_column(index=True)
