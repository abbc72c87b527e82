"""Amendments that wait for this person's consent."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from crowd.amendments.models import Amendment, Consent
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.status import STANDING, AmendmentStatus, CallStatus
from crowd.core.subjects import ProposalFacts
from crowd.proposals.models import Proposal


def calls_asking_consent(actor: Actor, now: datetime) -> Select[str, str, int, datetime | None]:
    """Title and public id of each call, of how many own proposals an answer is missing, and until when it counts."""
    return (
        select(Call.title, Call.public_id, func.count(Proposal.id), Amendment.decide_by.label("due"))
        .join(Call, Amendment.call_id == Call.id)
        .join(Proposal, Proposal.call_id == Call.id)
        .where(
            Proposal.lead_id == actor.account_id,
            Proposal.status.in_(STANDING),
            Call.status == CallStatus.PUBLISHED,
            *_unanswered(now),
        )
        .group_by(Call.id, Call.title, Call.public_id, Amendment.decide_by)
    )


def consent_due(session: Session, facts: ProposalFacts, actor: Actor, now: datetime) -> datetime | None:
    """Until when the lead, and nobody else, is asked to accept other rules for this proposal."""
    if facts.lead_id is None or facts.lead_id != actor.account_id or facts.status not in STANDING:
        return None
    return session.scalar(
        select(Amendment.decide_by)
        .join(Proposal, Proposal.call_id == Amendment.call_id)
        .where(Proposal.id == facts.id, *_unanswered(now))
    )


def _unanswered(now: datetime) -> tuple[Any, ...]:
    answered = exists().where(Consent.amendment_id == Amendment.id, Consent.proposal_id == Proposal.id)
    return (Amendment.status == AmendmentStatus.PROPOSED, Amendment.decide_by > now, ~answered)
