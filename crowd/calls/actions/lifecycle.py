"""A past call as the draft of the next, and calls put away."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from crowd.calls.actions.draft import put_rules
from crowd.calls.gates import facts_of_call, rules_of
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.errors import InvalidInput
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.rules import CallRules, Electorate, Stage
from crowd.core.status import CallStatus
from crowd.store.events import record
from crowd.web.access import require

OVER = frozenset({CallStatus.CANCELLED, CallStatus.ENDED})


def clone_call(
    session: Session, call: Call, *, actor: Actor, now: datetime, cover: Mapping[str, Any] | None = None
) -> Call:
    """A draft with the rules of `call` and no proposals; it opens tomorrow, by the same wall clock, all stages as far apart.

    `cover`: the picture of `call`, under keys of its own.
    """
    require(actor, Permission.CALL_MANAGE, facts_of_call(session, call.id), now)
    made = Call(
        organization_id=call.organization_id, created_by_id=actor.account_id, created_at=now, edited_at=now, version=1
    )
    made.cover = dict(cover) if cover else None
    put_rules(made, begun_again(rules_of(call), now))
    session.add(made)
    session.flush()
    _record(session, EventKind.CALL_CREATED, made, actor, now)
    return made


def begun_again(rules: CallRules, now: datetime) -> CallRules:
    """Rules of an earlier call for a new one, which opens tomorrow."""
    return _from_tomorrow(_votable(rules), now)


def _votable(rules: CallRules) -> CallRules:
    """Without what belongs to the past vote alone: its roll, which came with an import, and its sealed secret."""
    votes = {Electorate.ROLL: Electorate.VERIFIED}
    rounds = (
        replace(each, electorate=votes.get(each.electorate, each.electorate), tie_commitment=None)
        for each in rules.rounds
    )
    return replace(rules, rounds=tuple(rounds))


def _from_tomorrow(rules: CallRules, now: datetime) -> CallRules:
    if not rules.stages:
        return rules
    zone = ZoneInfo(rules.time_zone)
    days = (now.astimezone(zone).date() - rules.stages[0].opens_at.astimezone(zone).date()).days + 1

    def later(moment: datetime) -> datetime:
        return (moment.astimezone(zone) + timedelta(days=days)).astimezone(UTC)

    def moved(stage: Stage) -> Stage:
        closes = later(stage.closes_at) if stage.closes_at else None
        return replace(stage, opens_at=later(stage.opens_at), closes_at=closes)

    return replace(rules, stages=tuple(moved(stage) for stage in rules.stages))


def archive_call(session: Session, call: Call, *, put_away: bool, actor: Actor, now: datetime) -> None:
    """Out of the directory or back in. Raises InvalidInput `archive_running` while the call is not over."""
    facts = facts_of_call(session, call.id)
    require(actor, Permission.CALL_MANAGE, facts, now)
    if not facts.results_published and facts.status not in OVER:
        raise InvalidInput("archive_running")
    if (call.archived_at is not None) == put_away:
        return
    call.archived_at = now if put_away else None
    _record(session, EventKind.CALL_ARCHIVED if put_away else EventKind.CALL_UNARCHIVED, call, actor, now)


def _record(session: Session, kind: EventKind, call: Call, actor: Actor, now: datetime) -> None:
    record(session, kind, now=now, actor_id=actor.account_id, organization_id=call.organization_id, call_id=call.id)
