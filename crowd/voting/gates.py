"""The vote of a call that an address means."""

from datetime import datetime

from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.rules import RoundKind
from crowd.rounds.gates import round_facts, rounds_of
from crowd.rounds.models import CallRound
from crowd.web.access import Found


def find_vote(session: Session, call: Found[Call], key: str | None, now: datetime) -> Found[CallRound] | None:
    """The voting round called `key`; without one the open round, else the last that was, else the first to come."""
    votes = [
        Found(row, round_facts(row, call.facts))
        for row in rounds_of(session, call.row.id)
        if row.kind is RoundKind.VOTE
    ]
    if key:
        return next((vote for vote in votes if vote.row.key == key), None)
    begun = [vote for vote in votes if _has_begun(vote, now)]
    is_open = next((vote for vote in begun if not vote.facts.is_over(now)), None)
    return is_open or next(iter(begun[::-1]), None) or next(iter(votes), None)


def _has_begun(vote: Found[CallRound], now: datetime) -> bool:
    stage = vote.facts.stage()
    return stage is not None and stage.opens_at <= vote.facts.call.clock(now)
