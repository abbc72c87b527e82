"""Texts begun without an account."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.proposals.models import VisitorDraft


def visitor_draft(session: Session, call_id: int, key_hash: str) -> VisitorDraft | None:
    """What the browser with this key writes in a call."""
    mine = (VisitorDraft.call_id == call_id, VisitorDraft.key_hash == key_hash)
    return session.scalar(select(VisitorDraft).where(*mine))


def visitor_drafts_of(session: Session, key_hash: str) -> list[VisitorDraft]:
    """All that the browser with this key writes, the oldest first."""
    mine = select(VisitorDraft).where(VisitorDraft.key_hash == key_hash)
    return list(session.scalars(mine.order_by(VisitorDraft.id)))


def visitor_drafts_named(session: Session, call_id: int, draft_key: str) -> list[VisitorDraft]:
    """By the id of the draft to come, which proves nothing: whoever asks has to show the way's token."""
    named = (VisitorDraft.call_id == call_id, VisitorDraft.draft_key == draft_key)
    return list(session.scalars(select(VisitorDraft).where(*named)))
