"""Predicates about what is asked of a proposal, and about entering one for somebody else. Pure, like all predicates."""

from datetime import datetime

from crowd.core.actor import Actor
from crowd.core.answers import asked_later
from crowd.core.subjects import ProposalFacts


def questions_open(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    """Questions that came with a later stage may be answered now."""
    return bool(asked_later(subject, now))
