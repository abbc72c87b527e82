"""Leave for one person to hand in after the close. It never outlives the freezing of the next list of candidates."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from crowd.accounts.commands import fold_address
from crowd.accounts.queries import get_account_by_address
from crowd.calls.commands import Permit
from crowd.calls.gates import facts_of_call
from crowd.calls.models import Call, LatePermit
from crowd.core.actor import Actor
from crowd.core.errors import InvalidInput
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.stages import last_late
from crowd.mailing.actions import Recipient, send_letter
from crowd.store.events import record
from crowd.web.access import require
from crowd.web.links import absolute_link


def give_permit(session: Session, call: Call, wanted: Permit, *, actor: Actor, now: datetime) -> LatePermit:
    """Give or renew the permit of one address, and mail it; `call` must be locked.

    Raises InvalidInput `late_over` when a list is frozen or judging begun, `late_until` for an end that is past or too late.
    """
    facts = facts_of_call(session, call.id)
    require(actor, Permission.CALL_SCHEDULE, facts, now)
    if not facts.takes_late(now):
        raise InvalidInput("late_over")
    last = last_late(facts.schedule)
    if wanted.until <= now or (last is not None and wanted.until > last):
        raise InvalidInput("late_until", "until")
    permit = _row(session, call, wanted.email)
    account = get_account_by_address(session, wanted.email)
    proven = account if account is not None and account.verified_at is not None else None
    permit.account_id = proven.id if proven else None
    permit.reason, permit.until, permit.revoked_at = wanted.reason, wanted.until, None
    permit.given_at, permit.by_id = now, actor.account_id
    session.flush()
    _record(session, EventKind.LATE_PERMIT_GIVEN, call, permit, actor, now)
    send_letter(
        session,
        "late_permit",
        Recipient(wanted.email, proven.name if proven else "", proven.language if proven else facts.rules.language),
        {
            "call": call.title,
            "until": wanted.until,
            "zone": facts.rules.time_zone,
            "address": absolute_link(f"/calls/{call.public_id}/propose"),
        },
        now=now,
    )
    return permit


def _row(session: Session, call: Call, email: str) -> LatePermit:
    folded = fold_address(email)
    found = session.scalar(select(LatePermit).where(LatePermit.call_id == call.id, LatePermit.email_folded == folded))
    if found is None:
        found = LatePermit(call_id=call.id, email=email, email_folded=folded)
        session.add(found)
    return found


def revoke_permit(session: Session, call: Call, permit: LatePermit, *, actor: Actor, now: datetime) -> None:
    require(actor, Permission.CALL_SCHEDULE, facts_of_call(session, call.id), now)
    if permit.revoked_at is None:
        permit.revoked_at = now
        _record(session, EventKind.LATE_PERMIT_REVOKED, call, permit, actor, now)


def _record(session: Session, kind: EventKind, call: Call, permit: LatePermit, actor: Actor, now: datetime) -> None:
    record(
        session,
        kind,
        now=now,
        actor_id=actor.account_id,
        organization_id=call.organization_id,
        call_id=call.id,
        subject_id=permit.id,
    )


def close_to_latecomers(session: Session, call_id: int, now: datetime) -> None:
    """Before a list of candidates is frozen: whoever hands in at this moment is either on it or refused."""
    closing = update(Call).where(Call.id == call_id)
    session.execute(
        closing.values(list_frozen_at=func.coalesce(Call.list_frozen_at, now)),
        execution_options={"synchronize_session": False},
    )
