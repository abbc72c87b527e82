"""What every act upon assignments shares: the right to read, and the trace."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.events import EventKind
from crowd.core.status import AssignmentStatus, JurorStatus
from crowd.proposals.actions import grant_reader, revoke_reader
from crowd.reviews.gates import may_read
from crowd.reviews.models import Assignment, Juror
from crowd.rounds.models import CallRound
from crowd.store.events import record
from crowd.store.models import Event

LIVE = (AssignmentStatus.ASSIGNED, AssignmentStatus.SUBMITTED)


def note(session: Session, kind: EventKind, row: CallRound, *, now: datetime, **more: Any) -> Event:
    """An event of this round; `more` as for `store.events.record`."""
    organization_id = session.scalar(select(Call.organization_id).where(Call.id == row.call_id))
    return record(session, kind, now=now, organization_id=organization_id, call_id=row.call_id, round_id=row.id, **more)


def grant_live(session: Session, juror: Juror, proposal_ids: Iterable[int]) -> None:
    """Let the juror read, once accepted and with conflicts declared."""
    if juror.account_id and may_read(juror):
        for proposal_id in proposal_ids:
            grant_reader(session, proposal_id, juror.account_id)


def revoke_idle(session: Session, account_id: int, proposal_ids: Iterable[int]) -> None:
    """End the right to read where no live assignment of this account is left in any round."""
    session.flush()
    wanted = list(proposal_ids)
    busy = set(
        session.scalars(
            select(Assignment.proposal_id)
            .join(Assignment.juror)
            .where(
                Assignment.proposal_id.in_(wanted),
                Assignment.status.in_(LIVE),
                Juror.account_id == account_id,
                Juror.status == JurorStatus.ACCEPTED,
            )
        )
    )
    for proposal_id in set(wanted) - busy:
        revoke_reader(session, proposal_id, account_id)
