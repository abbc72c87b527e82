"""Writing events, and carrying each to its subscribers once."""

import traceback
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crowd.core.actor import Actor
from crowd.core.events import EventKind
from crowd.core.subjects import CallFacts
from crowd.store.db import NewRow, db, transaction, utc_now
from crowd.store.models import Delivery, Event

log = structlog.get_logger()

Subscriber: TypeAlias = Callable[[Session, Event], None]
Subscribers: TypeAlias = Mapping[EventKind, Sequence[Subscriber]]

MOST_ATTEMPTS = 5
KEPT: Any = {"read": True, "key_share": True}
"""Shared with other runners; only whoever would delete the event waits."""


def record(  # noqa: PLR0913 (the columns of an audit entry, all by name)
    session: Session,
    kind: EventKind,
    *,
    now: datetime,
    actor_id: int | None = None,
    organization_id: int | None = None,
    call_id: int | None = None,
    proposal_id: int | None = None,
    subject_id: int | None = None,
    source: str | None = None,
    target: str | None = None,
    reason: str | None = None,
    once_key: str | None = None,
    **data: str | int | bool | None,
) -> Event:
    """Add an event to the session: it is true if and only if the change beside it is."""
    event = Event(
        kind=kind,
        at=now,
        actor_id=actor_id,
        organization_id=organization_id,
        call_id=call_id,
        proposal_id=proposal_id,
        subject_id=subject_id,
        source=source,
        target=target,
        reason=reason,
        once_key=once_key,
        data=data,
    )
    session.add(event)
    session.info["wrote_event"] = True
    return event


def record_in(session: Session, kind: EventKind, call: CallFacts, *, actor: Actor, now: datetime, **more: Any) -> Event:
    """An act of somebody within a call: `record` with what the two say."""
    organization = call.organization.id
    return record(
        session, kind, now=now, actor_id=actor.account_id, organization_id=organization, call_id=call.id, **more
    )


def silent_event(kind: EventKind, *, now: datetime, actor_id: int | None, subject_id: int | None) -> NewRow:
    """For `insert_rows`: of a kind that nobody reads, so many of which come that the readers of others would wait behind them."""
    values = {"kind": kind, "at": now, "actor_id": actor_id, "subject_id": subject_id, "data": {}, "delivered_at": now}
    return Event, values


def deliver_pending(subscribers: Subscribers, *, most: int = 500) -> int:
    """Carry pending events to their subscribers in order, each pair in its own transaction. Returns how many events are done."""
    pending = db.session.scalars(
        select(Event.id).where(Event.delivered_at.is_(None)).order_by(Event.id).limit(most)
    ).all()
    return sum(_deliver(event_id, subscribers) for event_id in pending)


def _deliver(event_id: int, subscribers: Subscribers) -> bool:
    event = db.session.get(Event, event_id, populate_existing=True)
    if event is None or event.delivered_at is not None:
        return False
    finished = [_deliver_once(event_id, subscriber) for subscriber in subscribers.get(event.kind, ())]
    if not all(finished):
        return False
    with transaction() as session:
        session.execute(update(Event).where(Event.id == event_id).values(delivered_at=utc_now()))
    return True


def subscriber_name(subscriber: Subscriber) -> str:
    return f"{subscriber.__module__}.{subscriber.__name__}"


def _deliver_once(event_id: int, subscriber: Subscriber) -> bool:
    """True when nothing is left to do for this pair: done now, done before, or given up after MOST_ATTEMPTS."""
    name = subscriber_name(subscriber)
    try:
        with transaction() as session:
            event = session.get(Event, event_id, populate_existing=True, with_for_update=KEPT)
            if event is None:
                return True  # a rehearsal was removed meanwhile
            delivery = _claim(session, event_id, name)
            if delivery.done_at is not None or delivery.attempts > MOST_ATTEMPTS:
                return True
            delivery.error, delivery.done_at = None, utc_now()
            session.flush()
            subscriber(session, event)
    except Exception as error:  # a subscriber's fault must not hold up the others
        log.exception("subscriber failed", subscriber=name, event_id=event_id)
        _note_failure(event_id, name, error)
        return False
    return True


def _claim(session: Session, event_id: int, name: str) -> Delivery:
    """The locked row of this pair. Of two runners one makes it; the other waits for that one and sees what became of it."""
    found = select(Delivery).where(Delivery.event_id == event_id, Delivery.subscriber == name).with_for_update()
    delivery = session.scalar(found)
    if delivery is not None:
        return delivery
    try:
        with session.begin_nested():
            delivery = Delivery(event_id=event_id, subscriber=name, attempts=1)
            session.add(delivery)
    except IntegrityError:
        return session.scalars(found).one()
    return delivery


def _note_failure(event_id: int, name: str, error: Exception) -> None:
    with transaction() as session:
        delivery = _claim(session, event_id, name)
        delivery.attempts += 1
        delivery.error = "".join(traceback.format_exception_only(error)).strip()[:2000]
