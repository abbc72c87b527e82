"""The clock of objections, each minute: results become final."""

from sqlalchemy import exists, select

from crowd.calls.models import Call, CallStage
from crowd.core.events import EventKind
from crowd.core.status import StageKind
from crowd.objections.actions import settle_result
from crowd.store.db import db, transaction, utc_now
from crowd.store.models import Event


def settle_results() -> int:
    """Tell of every result that became final. Returns how many."""
    told = exists().where(Event.call_id == Call.id, Event.kind == EventKind.RESULTS_FINAL)
    objection = exists().where(
        CallStage.call_id == Call.id, CallStage.kind == StageKind.OBJECTION, CallStage.closes_at <= utc_now()
    )
    waiting = db.session.scalars(
        select(Call).where(Call.results_published_at.is_not(None), objection, ~told).order_by(Call.id)
    ).all()
    return sum(_settle(call) for call in waiting)


def _settle(call: Call) -> bool:
    with transaction(call) as session:
        return settle_result(session, call, now=utc_now())
