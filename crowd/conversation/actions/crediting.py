"""The authors of a proposal say what a comment gave them; whoever wrote it is told, and may stay unnamed."""

from datetime import datetime

from sqlalchemy.orm import Session

from crowd.conversation.gates import comment_facts
from crowd.conversation.models import Comment
from crowd.core.actor import Actor
from crowd.core.credit import OwnRole
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.subjects import CommentFacts
from crowd.proposals.actions.contributing import mark, unmark
from crowd.proposals.queries.contributing import contribution_of
from crowd.store.events import record_in
from crowd.web.access import require


def credit_comment(session: Session, comment: Comment, role: OwnRole, *, actor: Actor, now: datetime) -> None:
    """Mark a locked comment on one's proposal as an idea, or as having changed the text."""
    facts = comment_facts(session, comment)
    require(actor, Permission.CONTRIBUTION_MARK, facts, now)
    if facts.proposal is None or comment.author_id is None:
        return
    known = contribution_of(session, comment.id)
    row = mark(session, facts.proposal.id, comment.id, comment.author_id, role, by_id=actor.account_id, now=now)
    if known is None:
        _record(session, EventKind.CONTRIBUTION_MARKED, comment, facts, row.role, actor=actor, now=now)


def uncredit_comment(session: Session, comment: Comment, *, actor: Actor, now: datetime) -> None:
    facts = comment_facts(session, comment)
    require(actor, Permission.CONTRIBUTION_MARK, facts, now)
    row = contribution_of(session, comment.id)
    if row is not None:
        unmark(session, row)
        _record(session, EventKind.CONTRIBUTION_UNMARKED, comment, facts, row.role, actor=actor, now=now)


def name_writer(session: Session, comment: Comment, *, named: bool, actor: Actor, now: datetime) -> None:
    """Whether the credit for one's comment will carry one's name. Once it is issued, its certificate asks the same."""
    require(actor, Permission.CONTRIBUTION_OWN, comment_facts(session, comment), now)
    row = contribution_of(session, comment.id)
    if row is not None:
        row.unnamed_at = None if named else row.unnamed_at or now


def _record(
    session: Session,
    kind: EventKind,
    comment: Comment,
    facts: CommentFacts,
    role: OwnRole,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    about = {"proposal_id": comment.proposal_id, "subject_id": comment.id, "target": role.value}
    record_in(session, kind, facts.call, actor=actor, now=now, **about)
