"""Predicates of comments: does it stand, and is the place where it stands open."""

from datetime import datetime

from crowd.core.actor import Actor
from crowd.core.permissions.predicates import PUBLIC_CALL, PUBLIC_PROPOSAL, author, reader
from crowd.core.status import ModerationState
from crowd.core.subjects import CommentFacts


def comment_standing(actor: Actor, subject: CommentFacts, now: datetime) -> bool:
    return subject.moderation is ModerationState.VISIBLE and not subject.deleted


def place_public(actor: Actor, subject: CommentFacts, now: datetime) -> bool:
    """The comment stands on a call or proposal that this actor sees as the public does."""
    if subject.proposal is None:
        return all(predicate(actor, subject.call, now) for predicate in PUBLIC_CALL)
    return all(predicate(actor, subject.proposal, now) for predicate in PUBLIC_PROPOSAL)


def place_of_author(actor: Actor, subject: CommentFacts, now: datetime) -> bool:
    """The comment stands on a proposal of this actor, or one assigned to them."""
    proposal = subject.proposal
    return proposal is not None and (author(actor, proposal, now) or reader(actor, proposal, now))
