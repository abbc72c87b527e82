"""Drafts begun before signing in: kept for the browser that wrote them until somebody signs in there, or 14 days."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.errors import InvalidInput, NotAllowed, StaleVersion
from crowd.core.permissions import Permission, Refused, judge
from crowd.core.subjects import CallFacts
from crowd.proposals.actions.writing import BY_THE_CLOCK, create_draft, edit_proposal, keep_as_draft
from crowd.proposals.commands import ProposalText, VisitorText
from crowd.proposals.models import Proposal, VisitorDraft
from crowd.proposals.queries import draft_by_key, proposal_exists, visitor_draft
from crowd.store.db import lock
from crowd.store.types import new_public_id

KEPT_FOR = timedelta(days=14)
LARGEST = 120_000
"""Characters of all fields of one text; the largest that a form takes is a third of it."""
ANY_PERSON = Actor(account_id=0)
"""Somebody signed in without a role, to ask whether signing in would be enough."""


def save_visitor_draft(
    session: Session, call: Call, facts: CallFacts, text: VisitorText, *, now: datetime
) -> VisitorDraft:
    """Put `text` in place of what its browser kept for the call. `call` is locked.

    Raises NotAllowed where signing in would not be enough, StaleVersion (another window of the same browser saved since),
    InvalidInput("too_much_text").
    """
    judgment = judge(ANY_PERSON, Permission.PROPOSAL_CREATE, facts, now)
    if isinstance(judgment, Refused) and judgment.predicate not in BY_THE_CLOCK:
        raise NotAllowed("signed_in")
    if text.size > LARGEST:
        raise InvalidInput("too_much_text")
    row, fields = visitor_draft(session, call.id, text.key_hash), [list(pair) for pair in text.fields]
    if row is None:
        row = VisitorDraft(
            call_id=call.id,
            key_hash=text.key_hash,
            draft_key=text.draft_key,
            opened=text.opened,
            begun_at=now,
            version=0,
        )
        session.add(row)
    elif fields == row.fields:
        return row
    elif text.opened != row.version:
        raise StaleVersion(text.opened, row.version)
    row.fields, row.edited_at, row.version = fields, now, row.version + 1
    return row


def claim_visitor_draft(
    session: Session,
    call: Call,
    facts: CallFacts,
    row: VisitorDraft,
    text: ProposalText,
    *,
    actor: Actor,
    now: datetime,
) -> Proposal:
    """Make the text the person's own draft, and forget the browser's copy. `call` is locked.

    Where the person had saved this very draft before their session ended, it goes into it; if that was changed meanwhile,
    beside it. Raises NotAllowed, InvalidInput.
    """
    known = draft_by_key(session, row.draft_key, call.id, actor.account_id)
    if known is None:
        key = new_public_id() if proposal_exists(session, row.draft_key) else row.draft_key
        draft = create_draft(session, call, facts, text, key=key, actor=actor, now=now)
    else:
        lock(session, known)
        draft = _into(session, call, known, text, opened=row.opened, actor=actor, now=now)
    session.delete(row)
    return draft


def _into(
    session: Session, call: Call, known: Proposal, text: ProposalText, *, opened: int, actor: Actor, now: datetime
) -> Proposal:
    try:
        edit_proposal(session, known, text, opened=opened, actor=actor, now=now)
    except (StaleVersion, NotAllowed, InvalidInput):
        return keep_as_draft(session, call, text, key=new_public_id(), actor=actor, now=now)
    return known


def drop_visitor_draft(session: Session, row: VisitorDraft) -> None:
    """Its writer threw it away."""
    session.delete(row)


def drop_old_visitor_drafts(session: Session, now: datetime) -> None:
    session.execute(delete(VisitorDraft).where(VisitorDraft.edited_at < now - KEPT_FOR))
