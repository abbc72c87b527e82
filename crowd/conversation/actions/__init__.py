"""Writing, changing, removing comments."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from crowd.calls.gates import facts_of_call
from crowd.calls.models import Call
from crowd.conversation.commands import PostComment
from crowd.conversation.gates import comment_facts
from crowd.conversation.models import Comment
from crowd.conversation.queries import get_parent
from crowd.core.actor import STAFF, Actor
from crowd.core.errors import InvalidInput
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.status import ModerationCode, ModerationState
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import Proposal
from crowd.store.events import record
from crowd.web.access import require


def post_comment(
    session: Session, place: Call | Proposal, command: PostComment, *, actor: Actor, now: datetime
) -> Comment:
    """Add a comment to a call or proposal, or a reply to a standing comment there.

    Raises NotAllowed when the actor may not write here, InvalidInput("parent_gone") when the comment replied to is gone.
    """
    proposal = place if isinstance(place, Proposal) else None
    call_id = place.call_id if isinstance(place, Proposal) else place.id
    call = facts_of_call(session, call_id)
    require(actor, Permission.COMMENT_CREATE, facts_of_proposal(session, proposal) if proposal else call, now)
    parent = _parent(session, command, call_id, proposal)
    organization_id = call.organization.id
    comment = Comment(
        call_id=call_id,
        proposal_id=proposal.id if proposal else None,
        parent_id=parent.id if parent else None,
        root_id=(parent.root_id or parent.id) if parent else None,
        author_id=actor.account_id,
        as_organization=command.as_organization and actor.roles.get(organization_id) in STAFF,
        body=command.body,
        created_at=now,
    )
    session.add(comment)
    session.flush()
    _count(session, comment, 1)
    _record(session, EventKind.COMMENT_POSTED, comment, actor, now, organization_id)
    return comment


def _parent(session: Session, command: PostComment, call_id: int, proposal: Proposal | None) -> Comment | None:
    if command.parent is None:
        return None
    parent = get_parent(session, command.parent, call_id, proposal.id if proposal else None)
    if parent is None:
        raise InvalidInput("parent_gone")
    return parent


def edit_comment(session: Session, comment: Comment, body: str, *, actor: Actor, now: datetime) -> None:
    facts = comment_facts(session, comment)
    require(actor, Permission.COMMENT_EDIT, facts, now)
    if body == comment.body:
        return
    comment.body, comment.edited_at = body, now
    _record(session, EventKind.COMMENT_EDITED, comment, actor, now, facts.call.organization.id)


def delete_comment(session: Session, comment: Comment, *, actor: Actor, now: datetime) -> None:
    """The author's own removal: the words go, the gap stays so that replies keep their place."""
    facts = comment_facts(session, comment)
    require(actor, Permission.COMMENT_EDIT, facts, now)
    comment.deleted_at = now
    _count(session, comment, -1)
    _record(session, EventKind.COMMENT_DELETED, comment, actor, now, facts.call.organization.id)


def restore_deleted_comment(session: Session, comment: Comment, *, actor: Actor, now: datetime) -> None:
    """Undo the author's own removal."""
    facts = comment_facts(session, comment)
    require(actor, Permission.COMMENT_UNDELETE, facts, now)
    comment.deleted_at = None
    _count(session, comment, 1)
    _record(session, EventKind.COMMENT_RESTORED, comment, actor, now, facts.call.organization.id)


def hide_comment(
    session: Session, comment: Comment, code: ModerationCode, reason: str, *, actor: Actor, now: datetime
) -> None:
    """Moderation: the words are hidden, a tombstone with the kind of reason stays."""
    facts = comment_facts(session, comment)
    require(actor, Permission.COMMENT_HIDE, facts, now)
    if comment.moderation is ModerationState.HIDDEN:
        return
    comment.moderation, comment.hidden_code = ModerationState.HIDDEN, code
    comment.hidden_reason, comment.hidden_by_id = reason, actor.account_id
    if comment.deleted_at is None:
        _count(session, comment, -1)
    _record(session, EventKind.COMMENT_HIDDEN, comment, actor, now, facts.call.organization.id, reason)


def unhide_comment(session: Session, comment: Comment, *, actor: Actor, now: datetime) -> None:
    facts = comment_facts(session, comment)
    require(actor, Permission.COMMENT_HIDE, facts, now)
    if comment.moderation is ModerationState.VISIBLE:
        return
    comment.moderation, comment.hidden_code = ModerationState.VISIBLE, None
    comment.hidden_reason, comment.hidden_by_id = "", None
    if comment.deleted_at is None:
        _count(session, comment, 1)
    _record(session, EventKind.COMMENT_RESTORED, comment, actor, now, facts.call.organization.id)


def _count(session: Session, comment: Comment, step: int) -> None:
    if comment.proposal_id is not None:
        counted = update(Proposal).where(Proposal.id == comment.proposal_id)
        session.execute(counted.values(comments_count=Proposal.comments_count + step))


def _record(
    session: Session,
    kind: EventKind,
    comment: Comment,
    actor: Actor,
    now: datetime,
    organization_id: int,
    reason: str | None = None,
) -> None:
    record(
        session,
        kind,
        now=now,
        actor_id=actor.account_id,
        organization_id=organization_id,
        call_id=comment.call_id,
        proposal_id=comment.proposal_id,
        subject_id=comment.id,
        reason=reason,
    )
