"""Predicates of objections: who may object, and who may answer. Nobody judges what they decided themselves."""

from datetime import datetime

from crowd.core.actor import Actor
from crowd.core.status import ObjectionStatus
from crowd.core.subjects import ObjectionFacts, ResultFacts


def objections_open(actor: Actor, subject: ResultFacts, now: datetime) -> bool:
    return subject.window is not None and subject.window.is_open(subject.call.clock(now))


def took_part(actor: Actor, subject: ResultFacts, now: datetime) -> bool:
    return actor.account_id is not None and actor.account_id in subject.party_ids


def objector(actor: Actor, subject: ObjectionFacts, now: datetime) -> bool:
    return actor.account_id is not None and actor.account_id == subject.author_id


def unanswered(actor: Actor, subject: ObjectionFacts, now: datetime) -> bool:
    return subject.status is ObjectionStatus.OPEN


def not_decider(actor: Actor, subject: ObjectionFacts, now: datetime) -> bool:
    return actor.account_id not in subject.decider_ids


def not_objector(actor: Actor, subject: ObjectionFacts, now: datetime) -> bool:
    return not objector(actor, subject, now)
