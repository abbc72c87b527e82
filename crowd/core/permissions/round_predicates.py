"""Predicates of rounds and of the reviews in them."""

from datetime import datetime, timedelta

from crowd.core.actor import Actor
from crowd.core.rules import Electorate
from crowd.core.status import AssignmentStatus
from crowd.core.subjects import AssignmentFacts, ChairFacts, RoundFacts


def round_opened(actor: Actor, subject: RoundFacts, now: datetime) -> bool:
    return subject.opened


def round_open(actor: Actor, subject: RoundFacts, now: datetime) -> bool:
    return subject.is_open(now)


def electorate(actor: Actor, subject: RoundFacts, now: datetime) -> bool:
    match subject.round.electorate:
        case Electorate.VERIFIED:
            return actor.verified
        case Electorate.MEMBERS:
            return subject.call.organization.id in actor.roles
        case Electorate.INVITED:
            return actor.account_id is not None and actor.account_id in subject.voter_ids
        case Electorate.CODES | Electorate.ROLL:
            return False


def account_old_enough(actor: Actor, subject: RoundFacts, now: datetime) -> bool:
    days = subject.round.min_account_days
    return not days or (actor.since is not None and actor.since + timedelta(days=days) <= now)


def code_holder(actor: Actor, subject: RoundFacts, now: datetime) -> bool:
    return subject.round.electorate is Electorate.CODES and subject.code_shown


def counts_shown(actor: Actor, subject: RoundFacts, now: datetime) -> bool:
    return not subject.round.hides_counts or subject.is_over(now)


def juror(actor: Actor, subject: RoundFacts, now: datetime) -> bool:
    return actor.account_id is not None and actor.account_id in subject.juror_ids


def chair(actor: Actor, subject: RoundFacts | ChairFacts, now: datetime) -> bool:
    return actor.account_id is not None and actor.account_id in subject.chair_ids


def assigned(actor: Actor, subject: AssignmentFacts, now: datetime) -> bool:
    return (
        actor.account_id is not None
        and actor.account_id == subject.juror_account_id
        and subject.status in {AssignmentStatus.ASSIGNED, AssignmentStatus.SUBMITTED}
    )


def own_review_in(actor: Actor, subject: AssignmentFacts, now: datetime) -> bool:
    """Nobody is led by the others: what they wrote is read when one's own review is handed in."""
    return subject.status is AssignmentStatus.SUBMITTED


def review_open(actor: Actor, subject: AssignmentFacts, now: datetime) -> bool:
    return subject.round.is_open(now)
