"""The screening queue, as one person may work it: what they have a stake in is left to others."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from crowd.core.actor import Actor
from crowd.core.status import ProposalStatus
from crowd.proposals.models import Proposal
from crowd.proposals.queries.stakes import has_stake
from crowd.store.paging import Key, Page, page_of

PAGE = 100


@dataclass(frozen=True)
class Queue:
    """`waiting`: public ids in the order they came in, overdue corrections among them. `left_to_others`: (public id, title)."""

    waiting: tuple[str, ...]
    left_to_others: tuple[tuple[str, str], ...]
    in_correction: int
    total: int

    @property
    def done(self) -> int:
        return self.total - len(self.waiting) - len(self.left_to_others) - self.in_correction

    def after(self, public_id: str | None) -> str | None:
        """The next one waiting after this, round to the beginning; None when nothing waits."""
        if public_id in self.waiting:
            place = self.waiting.index(public_id or "")
            rest = self.waiting[place + 1 :] + self.waiting[:place]
            return rest[0] if rest else None
        return self.waiting[0] if self.waiting else None

    def before(self, public_id: str) -> str | None:
        place = self.waiting.index(public_id) if public_id in self.waiting else 0
        return self.waiting[place - 1] if place else None


def overdue(now: datetime) -> ColumnElement[bool]:
    return and_(Proposal.status == ProposalStatus.CORRECTION, Proposal.correction_due <= now)


def screening_queue(session: Session, call_id: int, actor: Actor, now: datetime) -> Queue:
    """In two queries."""
    gone = [ProposalStatus.DRAFT, ProposalStatus.WITHDRAWN, ProposalStatus.MERGED]
    handed_in = [Proposal.call_id == call_id, Proposal.status.not_in(gone)]
    asks = or_(Proposal.status == ProposalStatus.SUBMITTED, overdue(now))
    rows = session.execute(
        select(Proposal.public_id, Proposal.title, has_stake(actor.account_id))
        .where(*handed_in, asks)
        .order_by(Proposal.submitted_at, Proposal.id)
    ).all()
    corrections = and_(Proposal.status == ProposalStatus.CORRECTION, Proposal.correction_due > now)
    total, in_correction = session.execute(
        select(func.count(), func.coalesce(func.sum(case((corrections, 1), else_=0)), 0)).where(*handed_in)
    ).one()
    return Queue(
        waiting=tuple(public_id for public_id, _title, stake in rows if not stake),
        left_to_others=tuple((public_id, title) for public_id, title, stake in rows if stake),
        in_correction=int(in_correction),
        total=total,
    )


def screening_list(session: Session, call_id: int, cursor: str | None) -> Page[Proposal]:
    """All that was handed in, by number."""
    query = select(Proposal).where(Proposal.call_id == call_id, Proposal.status != ProposalStatus.DRAFT)
    return page_of(session, query, [Key(Proposal.submitted_at.expression), Key(Proposal.id.expression)], cursor, PAGE)
