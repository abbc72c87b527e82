"""What the clock tells about proposals. Nothing depends on it: late corrections are seen as such without."""

from sqlalchemy import exists, select

from crowd.core.events import EventKind
from crowd.proposals.models import Proposal
from crowd.proposals.queries import overdue
from crowd.store.db import db, transaction, utc_now
from crowd.store.events import record
from crowd.store.jobs import Job
from crowd.store.models import Event

MOST = 200


def announce_overdue_corrections() -> int:
    """Record once for each correction that its day has passed. Returns how many."""
    told = exists().where(
        Event.kind == EventKind.CORRECTION_OVERDUE,
        Event.proposal_id == Proposal.id,
        Event.at >= Proposal.correction_due,
    )
    late = db.session.scalars(select(Proposal).where(overdue(utc_now()), ~told).order_by(Proposal.id).limit(MOST)).all()
    for proposal in late:
        _announce(proposal)
    return len(late)


def _announce(proposal: Proposal) -> None:
    with transaction(proposal) as session:
        now = utc_now()
        if proposal.correction_due is not None and proposal.correction_due <= now:
            record(
                session,
                EventKind.CORRECTION_OVERDUE,
                now=now,
                call_id=proposal.call_id,
                proposal_id=proposal.id,
            )


JOBS = (Job("announce_overdue_corrections", announce_overdue_corrections),)
