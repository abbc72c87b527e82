"""Where all reviews of a proposal are in and lie far apart, the panel's discussion of it opens by itself, once."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.events import EventKind
from crowd.core.rules import Round
from crowd.reviews.actions.readers import note
from crowd.reviews.models import Discussion
from crowd.reviews.queries import far_apart
from crowd.rounds.models import CallRound


def open_discussion(session: Session, row: CallRound, rules: Round, proposal_id: int, *, now: datetime) -> bool:
    """Whether it was opened now. Once opened it stays so, also when scores come closer; the call's row must be locked."""
    known = select(Discussion.id).where(Discussion.round_id == row.id, Discussion.proposal_id == proposal_id)
    if session.scalar(known) is not None or not far_apart(session, row.id, rules, proposal_id):
        return False
    opened = Discussion(round_id=row.id, proposal_id=proposal_id, opened_at=now)
    session.add(opened)
    session.flush()
    note(session, EventKind.PANEL_OPENED, row, now=now, proposal_id=proposal_id, subject_id=opened.id)
    return True
