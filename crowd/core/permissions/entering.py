"""Predicates about what is asked of a proposal, and about entering one for somebody else. Pure, like all predicates."""

from datetime import datetime, timedelta

from crowd.core.actor import Actor
from crowd.core.answers import asked_later
from crowd.core.stages import closes_at
from crowd.core.status import StageKind
from crowd.core.subjects import CallFacts, ProposalFacts


def questions_open(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    """Questions that came with a later stage may be answered now."""
    return bool(asked_later(subject, now))


def entering_open(actor: Actor, subject: CallFacts, now: datetime) -> bool:
    """What came on paper may be entered while submission is open, and for as many days after as the rules say."""
    opens, closes = subject.opens_at(StageKind.SUBMISSION), closes_at(subject.schedule, StageKind.SUBMISSION)
    clock = subject.clock(now)
    if opens is None or clock < opens:
        return False
    return closes is None or clock < closes + timedelta(days=subject.rules.paper_days)
