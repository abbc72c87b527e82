"""Comments by their public id, and the facts permissions ask about."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.gates import facts_of_call
from crowd.conversation.models import Comment
from crowd.core.permissions import Permission
from crowd.core.subjects import CommentFacts
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import Proposal
from crowd.web.access import Found, Gate


def comment_facts(session: Session, comment: Comment) -> CommentFacts:
    """Facts of one comment, its call and its proposal read afresh."""
    proposal = session.get(Proposal, comment.proposal_id) if comment.proposal_id else None
    proposal_facts = facts_of_proposal(session, proposal) if proposal else None
    return CommentFacts(
        id=comment.id,
        call=proposal_facts.call if proposal_facts else facts_of_call(session, comment.call_id),
        proposal=proposal_facts,
        author_id=comment.author_id,
        moderation=comment.moderation,
        deleted=comment.deleted_at is not None,
    )


def find_comment(session: Session, public_id: str) -> Found[Comment] | None:
    comment = session.scalar(select(Comment).where(Comment.public_id == public_id))
    return Found(comment, comment_facts(session, comment)) if comment else None


comment_gate = Gate(find_comment, Permission.COMMENT_VIEW)
