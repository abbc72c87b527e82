"""Reading threads. Who may see the page they stand on may see them; hidden and deleted comments stay as gaps."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from crowd.conversation.models import Comment
from crowd.core.status import ModerationState
from crowd.store.paging import Key, page_of

SIZE = 20


@dataclass(frozen=True)
class Thread:
    """A comment with its replies, oldest first."""

    comment: Comment
    replies: list["Thread"] = field(default_factory=list)


@dataclass(frozen=True)
class ThreadPage:
    threads: list[Thread]
    next: str | None

    def ids(self) -> list[int]:
        """Of all comments on the page."""
        waiting, found = list(self.threads), []
        while waiting:
            thread = waiting.pop()
            found.append(thread.comment.id)
            waiting += thread.replies
        return found


def _place(call_id: int, proposal_id: int | None) -> ColumnElement[bool]:
    proposal = Comment.proposal_id.is_(None) if proposal_id is None else Comment.proposal_id == proposal_id
    return (Comment.call_id == call_id) & proposal


def list_threads(session: Session, call_id: int, proposal_id: int | None, after: str | None = None) -> ThreadPage:
    """One page of a place's threads, oldest first, each whole: two queries whatever their number."""
    roots = (
        select(Comment)
        .where(_place(call_id, proposal_id), Comment.root_id.is_(None))
        .options(joinedload(Comment.author))
    )
    page = page_of(session, roots, [Key(Comment.__table__.c.id)], after, SIZE)
    return ThreadPage(_woven(page.items, _replies(session, [root.id for root in page.items])), page.next)


def _replies(session: Session, roots: list[int]) -> Sequence[Comment]:
    return session.scalars(
        select(Comment).where(Comment.root_id.in_(roots)).order_by(Comment.id).options(joinedload(Comment.author))
    ).all()


def _woven(roots: Sequence[Comment], replies: Sequence[Comment]) -> list[Thread]:
    below: dict[int | None, list[Comment]] = defaultdict(list)
    for reply in replies:
        below[reply.parent_id].append(reply)
    return [_thread(root, below) for root in roots]


def _thread(comment: Comment, below: dict[int | None, list[Comment]]) -> Thread:
    return Thread(comment, [_thread(reply, below) for reply in below[comment.id]])


def count_comments(session: Session, call_id: int, proposal_id: int | None) -> int:
    """Standing comments of a place."""
    standing = (_place(call_id, proposal_id), Comment.deleted_at.is_(None), _visible())
    return session.scalar(select(func.count()).select_from(Comment).where(*standing)) or 0


def _visible() -> ColumnElement[bool]:
    return Comment.moderation == ModerationState.VISIBLE


def get_parent(session: Session, public_id: str, call_id: int, proposal_id: int | None) -> Comment | None:
    """The standing comment replied to, if it stands at the same place."""
    return session.scalar(
        select(Comment).where(
            Comment.public_id == public_id, _place(call_id, proposal_id), Comment.deleted_at.is_(None), _visible()
        )
    )
