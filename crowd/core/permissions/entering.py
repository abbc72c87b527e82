"""Predicates about what is asked of a proposal, and about entering one for somebody else. Pure, like all predicates."""

from datetime import datetime, timedelta
from typing import Any

from crowd.core.actor import Actor
from crowd.core.answers import asked_later
from crowd.core.permissions.predicates import call_of
from crowd.core.stages import closes_at
from crowd.core.status import StageKind
from crowd.core.subjects import ProposalFacts


def questions_open(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    """Questions that came with a later stage may be answered now."""
    return bool(asked_later(subject, now))


def entering_open(actor: Actor, subject: Any, now: datetime) -> bool:
    """What came on paper may be entered and corrected while submission is open, and for as many days after as the rules say."""
    call = call_of(subject)
    opens, closes = call.opens_at(StageKind.SUBMISSION), closes_at(call.schedule, StageKind.SUBMISSION)
    clock = call.clock(now)
    if opens is None or clock < opens:
        return False
    return closes is None or clock < closes + timedelta(days=call.rules.paper_days)


def ideas_open(actor: Actor, subject: Any, now: datetime) -> bool:
    """A vote is open whose rules let people add proposals to it."""
    return call_of(subject).ideas_stage(now) is not None


def on_behalf(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    """The organization entered it, and nobody with an account has taken it over."""
    return subject.entered and subject.lead_id is None and not subject.team_ids


def off_the_list(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    """It stands on no frozen list of candidates: nobody votes on it or reviews it yet."""
    return not subject.in_round
