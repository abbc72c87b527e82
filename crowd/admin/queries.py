"""What site administrators see of the machinery: jobs, and events that a reader could not take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.store.models import Delivery, Event, JobRun

LATE = timedelta(minutes=5)
MOST_FAILURES = 50


@dataclass(frozen=True)
class JobHealth:
    run: JobRun
    late: bool


def list_jobs(session: Session, now: datetime) -> list[JobHealth]:
    """The newest run of each job. `late`: it has not finished for a while, so no runner may be there."""
    runs = session.scalars(select(JobRun).order_by(JobRun.name)).all()
    return [JobHealth(run, run.finished_at is None or run.finished_at < now - LATE) for run in runs]


def list_failed_deliveries(session: Session) -> Sequence[tuple[Delivery, Event]]:
    """Events that a reader could not take, the newest first."""
    rows = session.execute(
        select(Delivery, Event)
        .join(Event, Delivery.event_id == Event.id)
        .where(Delivery.done_at.is_(None), Delivery.error.is_not(None))
        .order_by(Delivery.id.desc())
        .limit(MOST_FAILURES)
    )
    return [(row[0], row[1]) for row in rows]


def get_delivery(session: Session, delivery_id: int) -> Delivery | None:
    return session.get(Delivery, delivery_id)


def count_pending_events(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Event).where(Event.delivered_at.is_(None))) or 0
