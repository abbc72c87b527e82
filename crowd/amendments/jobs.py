"""The clock of consent: each minute, what everybody answered comes into force and what was not answered in time lapses."""

from sqlalchemy import select

from crowd.amendments.actions import settle
from crowd.amendments.models import Amendment
from crowd.calls.models import Call
from crowd.core.status import AmendmentStatus
from crowd.store.db import db, transaction, utc_now


def settle_amendments() -> int:
    """Decide every proposed amendment that can be decided. Returns how many."""
    waiting = db.session.execute(
        select(Call, Amendment)
        .join(Amendment, Amendment.call_id == Call.id)
        .where(Amendment.status == AmendmentStatus.PROPOSED)
        .order_by(Amendment.id)
    ).all()
    return sum(_settle(call, amendment) for call, amendment in waiting)


def _settle(call: Call, amendment: Amendment) -> bool:
    with transaction(call, amendment) as session:
        return settle(session, call, amendment, now=utc_now())
