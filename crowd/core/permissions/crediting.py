"""Predicates of credits, of comments that earn one, and of what others say of them."""

from datetime import datetime

from crowd.core.actor import Actor
from crowd.core.subjects import CommentFacts, CreditFacts, EndorsementFacts


def credited(actor: Actor, subject: CreditFacts, now: datetime) -> bool:
    return actor.account_id is not None and actor.account_id == subject.account_id


def credited_beside(actor: Actor, subject: CreditFacts, now: datetime) -> bool:
    """Credited in the same team, for another part."""
    return actor.account_id is not None and actor.account_id in subject.beside_ids


def not_credited(actor: Actor, subject: CreditFacts, now: datetime) -> bool:
    return not credited(actor, subject, now)


def credit_standing(actor: Actor, subject: CreditFacts, now: datetime) -> bool:
    return subject.standing


def credit_named(actor: Actor, subject: CreditFacts, now: datetime) -> bool:
    return subject.named


def no_rehearsal(actor: Actor, subject: CreditFacts, now: datetime) -> bool:
    return not subject.call.rehearsal


def endorsed(actor: Actor, subject: EndorsementFacts, now: datetime) -> bool:
    return actor.account_id is not None and actor.account_id == subject.endorsed_id


def endorser(actor: Actor, subject: EndorsementFacts, now: datetime) -> bool:
    return actor.account_id is not None and actor.account_id == subject.author_id


def endorsement_standing(actor: Actor, subject: EndorsementFacts, now: datetime) -> bool:
    return subject.standing


def not_in_endorsement(actor: Actor, subject: EndorsementFacts, now: datetime) -> bool:
    """Neither wrote it nor is endorsed by it."""
    return actor.account_id is None or actor.account_id not in {subject.author_id, subject.endorsed_id}


def author_of_place(actor: Actor, subject: CommentFacts, now: datetime) -> bool:
    return (
        actor.account_id is not None and subject.proposal is not None and actor.account_id in subject.proposal.team_ids
    )


def from_outside(actor: Actor, subject: CommentFacts, now: datetime) -> bool:
    """Written by somebody who is not in the team, with an account."""
    team = subject.proposal.team_ids | subject.proposal.pending_ids if subject.proposal else frozenset()
    return subject.author_id is not None and subject.author_id not in team


def comment_writer(actor: Actor, subject: CommentFacts, now: datetime) -> bool:
    return actor.account_id is not None and actor.account_id == subject.author_id
