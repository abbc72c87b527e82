"""What becomes of somebody's comments when their account is erased."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crowd.conversation.models import Comment
from crowd.core.events import EventKind
from crowd.core.status import ModerationState
from crowd.proposals.models import Proposal
from crowd.store.events import record


def erase_person(session: Session, account_id: int, *, withdraw: bool, now: datetime) -> None:
    """Words stay as a contributor's, or go where the person wants that; what was said for an organization stays its own."""
    gone = select(Comment).where(Comment.author_id == account_id, Comment.as_organization.is_(False))
    if not withdraw:
        gone = gone.where(Comment.deleted_at.is_not(None))  # what its author took away is not kept for an undoing
    for comment in session.scalars(gone.order_by(Comment.id).with_for_update()).all():
        if comment.deleted_at is None:
            _withdraw(session, comment, now)
        comment.body = ""
    session.flush()


def _withdraw(session: Session, comment: Comment, now: datetime) -> None:
    comment.deleted_at = now
    if comment.proposal_id is not None and comment.moderation is ModerationState.VISIBLE:
        fewer = update(Proposal).where(Proposal.id == comment.proposal_id)
        session.execute(fewer.values(comments_count=Proposal.comments_count - 1))
    record(
        session,
        EventKind.COMMENT_DELETED,
        now=now,
        actor_id=comment.author_id,
        call_id=comment.call_id,
        proposal_id=comment.proposal_id,
        subject_id=comment.id,
    )
