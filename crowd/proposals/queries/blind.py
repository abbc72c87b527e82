"""Texts without names, for reviewers who may not know the authors. Who that is says PROPOSAL_AUTHORS alone."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from crowd.core.actor import Actor
from crowd.core.permissions import Permission, judge
from crowd.core.subjects import ProposalFacts
from crowd.proposals.models import Proposal, Redaction


def redaction_of(session: Session, proposal_id: int) -> Redaction | None:
    return session.scalar(select(Redaction).where(Redaction.proposal_id == proposal_id))


def redactions_of(session: Session, proposal_ids: Collection[int]) -> dict[int, Redaction]:
    rows = session.scalars(select(Redaction).where(Redaction.proposal_id.in_(proposal_ids)))
    return {row.proposal_id: row for row in rows}


def redaction_for(session: Session, facts: ProposalFacts, actor: Actor, now: datetime) -> Redaction | None:
    """What this person reads instead of the text, if they may not know the authors and such a text was stored."""
    if judge(actor, Permission.PROPOSAL_AUTHORS, facts, now):
        return None
    return redaction_of(session, facts.id)


def cover_names(session: Session, proposal: Proposal, facts: ProposalFacts, actor: Actor, now: datetime) -> None:
    """The row as this person may read it, for a page: nothing of it is ever stored."""
    redaction = redaction_for(session, facts, actor, now)
    if redaction is not None:
        cover(proposal, redaction)


def cover(proposal: Proposal, redaction: Redaction) -> None:
    set_committed_value(proposal, "summary", redaction.summary)
    set_committed_value(proposal, "body", redaction.body)
