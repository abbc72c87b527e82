"""Calls as those who chair a jury see them at the decision."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.gates import facts_of_call, find_call
from crowd.calls.models import Call
from crowd.core.permissions import Permission
from crowd.core.status import JurorStatus
from crowd.core.subjects import CallFacts, ChairFacts
from crowd.reviews.models import Juror
from crowd.rounds.models import CallRound
from crowd.web.access import Found, Gate


def chairs_of(session: Session, call: CallFacts) -> ChairFacts:
    """The accounts that accepted to chair one of the call's juries."""
    rows = session.scalars(
        select(Juror.account_id)
        .join(CallRound, CallRound.id == Juror.round_id)
        .where(CallRound.call_id == call.id, Juror.is_chair, Juror.status == JurorStatus.ACCEPTED)
    )
    return ChairFacts(call, frozenset(id_ for id_ in rows if id_ is not None))


def facts_of_chair(session: Session, call_id: int) -> ChairFacts:
    """Fresh facts inside a transaction."""
    return chairs_of(session, facts_of_call(session, call_id))


def find_chaired(session: Session, public_id: str) -> Found[Call] | None:
    found = find_call(session, public_id)
    return Found(found.row, chairs_of(session, found.facts)) if found else None


chair_gate = Gate(find_chaired, Permission.SELECTION_STAND_IN)
"""To everybody but the chair there is no such page."""
