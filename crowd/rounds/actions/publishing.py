"""Rounds are made when a call is published."""

from datetime import datetime

from sqlalchemy.orm import Session

from crowd.calls import actions as call_actions
from crowd.calls.gates import rules_of
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.rules import CallRules
from crowd.rounds.models import CallRound


def publish_call(session: Session, call: Call, *, version: int, actor: Actor, now: datetime) -> None:
    """Freeze a call's rules and make its rounds, in one act; `call` must be locked."""
    call_actions.publish_call(session, call, version=version, actor=actor, now=now)
    make_rounds(session, call.id, rules_of(call))


def make_rounds(session: Session, call_id: int, rules: CallRules) -> list[CallRound]:
    """One row for each round of the frozen rules."""
    rows = [
        CallRound(call_id=call_id, key=each.key, kind=each.kind, position=place)
        for place, each in enumerate(rules.rounds)
    ]
    session.add_all(rows)
    return rows
