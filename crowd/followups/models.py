"""What became of selected proposals: milestones, short updates, and the trace of what was changed in them."""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, Date
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crowd.accounts.models import Account
from crowd.proposals.models import Proposal
from crowd.store.db import Base
from crowd.store.types import Id, Json, Long, MaybeMoment, Moment, PublicId, Short, kept_without, owned_by


class Milestone(Base):
    """A step on the way from the decision to the thing itself, with the day it is due and the day it was reached."""

    __tablename__ = "milestones"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    proposal_id: Mapped[int] = owned_by("proposals.id")
    title: Mapped[Short]
    due_on: Mapped[date | None] = mapped_column(Date, index=True)
    done_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[Long] = mapped_column(default="")
    added_at: Mapped[Moment]
    added_by_id: Mapped[int | None] = kept_without("accounts.id")
    edited_at: Mapped[MaybeMoment]
    removed_at: Mapped[MaybeMoment]
    version: Mapped[int] = mapped_column(default=1)

    proposal: Mapped[Proposal] = relationship(lazy="raise")


class Update(Base):
    """A short word on how it goes, by the team or the organization."""

    __tablename__ = "updates"
    __table_args__ = (CheckConstraint("text <> ''", name="text_given"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    proposal_id: Mapped[int] = owned_by("proposals.id")
    author_id: Mapped[int | None] = kept_without("accounts.id")
    by_team: Mapped[bool]
    text: Mapped[Long]
    at: Mapped[Moment]
    edited_at: Mapped[MaybeMoment]
    removed_at: Mapped[MaybeMoment]
    version: Mapped[int] = mapped_column(default=1)

    proposal: Mapped[Proposal] = relationship(lazy="raise")
    author: Mapped[Account | None] = relationship(lazy="raise")


class Trace(Base):
    """What a milestone or an update said before it was edited or removed."""

    __tablename__ = "followup_traces"
    __table_args__ = (CheckConstraint("(milestone_id IS NULL) <> (update_id IS NULL)", name="of_one_thing"),)

    id: Mapped[Id]
    milestone_id: Mapped[int | None] = owned_by("milestones.id")
    update_id: Mapped[int | None] = owned_by("updates.id")
    before: Mapped[Json] = mapped_column(JSON)
    removed: Mapped[bool]
    at: Mapped[Moment]
    by_id: Mapped[int | None] = kept_without("accounts.id")
