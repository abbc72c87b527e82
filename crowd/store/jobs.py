"""The job queue (huey) and periodic jobs that run once however many runners there are."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Flask
from huey import Huey, RedisHuey, SqliteHuey, crontab
from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from crowd.config import Settings
from crowd.store.db import db, transaction, utc_now
from crowd.store.models import JobRun

log = structlog.get_logger()


@dataclass(frozen=True)
class Job:
    """Work that is safe to run twice. `every` minutes by the clock; also run when something was committed if `on_commit`."""

    name: str
    run: Callable[[], object]
    every: int = 1
    on_commit: bool = False


def make_huey(settings: Settings) -> Huey:
    if settings.redis_url:
        return RedisHuey("apertura", url=settings.redis_url, immediate=False)
    return SqliteHuey("apertura", filename=str(settings.data / "jobs.sqlite"), immediate=False)


class JobRunner:
    """Binds the table of jobs to a queue for one application."""

    def __init__(self, app: Flask, settings: Settings, jobs: tuple[Job, ...]) -> None:
        self.app = app
        self.jobs = jobs
        self.huey = make_huey(settings)
        self._tasks: dict[str, Any] = {}
        for job in jobs:
            self._register(job)

    def _register(self, job: Job) -> None:
        def work() -> None:
            with self.app.app_context():
                run_once(job)

        self._tasks[job.name] = self.huey.task(name=job.name)(work)
        self.huey.periodic_task(crontab(minute=f"*/{job.every}"), name=f"{job.name}_sweep")(work)

    def poke(self) -> None:
        """Ask for the on-commit jobs soon. A queue that cannot be reached costs nothing: the sweep comes each minute."""
        for job in self.jobs:
            if job.on_commit:
                try:
                    self._tasks[job.name]()
                except Exception:
                    log.exception("job queue unreachable", job=job.name)

    def run_all(self) -> None:
        """Run every job here and now, in order (tests, `flask jobs once`)."""
        for job in self.jobs:
            run_once(job)


def run_once(job: Job, *, most: timedelta = timedelta(minutes=10)) -> bool:
    """Run a job unless another runner holds its lock. Returns whether it ran."""
    now = utc_now()
    if not _take_lock(job.name, now, now + most):
        return False
    error: str | None = None
    try:
        job.run()
    except Exception as fault:
        log.exception("job failed", job=job.name)
        db.session.rollback()
        error = "".join(traceback.format_exception_only(fault)).strip()[:2000]
    with transaction() as session:
        session.execute(
            update(JobRun)
            .where(JobRun.name == job.name)
            .values(
                locked_until=None,
                finished_at=utc_now(),
                error=error,
                failures=JobRun.failures + 1 if error else 0,
            )
        )
    return True


def _take_lock(name: str, now: datetime, until: datetime) -> bool:
    if db.session.scalar(select(JobRun.name).where(JobRun.name == name)) is None:
        try:
            with transaction() as session:
                session.add(JobRun(name=name))
        except IntegrityError:
            log.info("job row made by another runner", job=name)
    with transaction() as session:
        taken = session.execute(
            update(JobRun)
            .where(JobRun.name == name, or_(JobRun.locked_until.is_(None), JobRun.locked_until < now))
            .values(locked_until=until, started_at=now)
            .returning(JobRun.name)
        )
        return taken.first() is not None
