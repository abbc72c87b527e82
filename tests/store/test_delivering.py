"""Each reader of an event runs once, whatever else runs at the same time and whatever fails."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from crowd.core.events import EventKind
from crowd.store.db import db, transaction
from crowd.store.events import MOST_ATTEMPTS, deliver_pending, record
from crowd.store.jobs import Job, run_once
from crowd.store.models import Attempt, Delivery, Event, JobRun

KIND = EventKind.COMMENT_POSTED


def note(session: Session, event: Event) -> None:
    session.add(Attempt(key=f"{event.id}", at=event.at))


def note_again(session: Session, event: Event) -> None:
    session.add(Attempt(key=f"again {event.id}", at=event.at))


def fail(session: Session, event: Event) -> None:
    session.add(Attempt(key=f"failed {event.id}", at=event.at))
    message = "the reader fell over"
    raise ValueError(message)


def happen(count: int, now: datetime) -> None:
    with transaction() as session:
        for _ in range(count):
            record(session, KIND, now=now)


def notes(session: Session) -> list[str]:
    return sorted(session.scalars(select(Attempt.key)))


def at_once(app: Flask, count: int, work: Callable[[], object]) -> None:
    start = threading.Barrier(count)

    def run() -> None:
        with app.app_context():
            start.wait()
            work()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_every_reader_of_an_event_runs_once(session: Session, now: datetime) -> None:
    happen(2, now)
    readers = {KIND: (note, note_again)}
    assert [deliver_pending(readers), deliver_pending(readers)] == [2, 0]
    assert notes(session) == ["1", "2", "again 1", "again 2"]


def test_an_event_that_is_removed_while_it_waits_holds_up_no_other(session: Session, now: datetime) -> None:
    happen(3, now)

    def remove_the_second(inside: Session, event: Event) -> None:
        if event.id == 2:
            inside.execute(delete(Event).where(Event.id == 2))

    deliver_pending({KIND: (remove_the_second, note)})
    assert notes(session) == ["1", "3"]
    assert session.scalars(select(Delivery.error).where(Delivery.error.is_not(None))).all() == []


def test_an_event_that_was_rolled_back_is_never_read(session: Session, now: datetime) -> None:
    def happen_and_fail() -> None:
        with transaction() as inside:
            record(inside, KIND, now=now)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        happen_and_fail()
    assert deliver_pending({KIND: (note,)}) == 0


def test_a_failing_reader_leaves_no_trace_holds_up_nobody_and_is_given_up_in_the_end(
    session: Session, now: datetime
) -> None:
    happen(1, now)
    rounds = [deliver_pending({KIND: (fail, note)}) for _ in range(MOST_ATTEMPTS + 2)]
    session.expire_all()
    assert sum(rounds) == 1
    assert notes(session) == ["1"]
    failed = session.scalars(select(Delivery).where(Delivery.done_at.is_(None))).one()
    assert failed.error == "ValueError: the reader fell over"
    assert failed.attempts > MOST_ATTEMPTS


@pytest.mark.parametrize("events", [12, pytest.param(600, marks=pytest.mark.soak)])
def test_several_runners_at_once_read_each_event_once(app: Flask, session: Session, now: datetime, events: int) -> None:
    happen(events, now)
    session.commit()
    at_once(app, 4, lambda: deliver_pending({KIND: (note,)}, most=events))
    deliver_pending({KIND: (note,)}, most=events)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Attempt)) == events
    assert session.scalar(select(func.count()).where(Event.delivered_at.is_(None))) == 0
    assert session.scalars(select(Delivery.error).where(Delivery.error.is_not(None))).all() == []


def test_of_several_runners_one_runs_a_job(app: Flask, session: Session) -> None:
    ran: list[int] = []
    inside = threading.Event()

    def work() -> None:
        ran.append(1)
        inside.wait(1)

    session.commit()
    at_once(app, 3, lambda: run_once(Job("slow", work)))
    assert ran == [1]
    assert db.session.scalars(select(JobRun.name)).all() == ["slow"]


def test_a_failed_job_says_why_and_runs_again(session: Session) -> None:
    outcomes = iter([ValueError("no disk"), None])

    def work() -> None:
        outcome = next(outcomes)
        if outcome:
            raise outcome

    run_once(Job("flaky", work))
    run = session.get_one(JobRun, "flaky", populate_existing=True)
    assert (run.error, run.failures) == ("ValueError: no disk", 1)
    run_once(Job("flaky", work))
    session.expire_all()
    assert (run.error, run.failures) == (None, 0)
