"""Inviting jurors, reminding those behind, letting one go."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crowd.accounts.commands import fold_address
from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.errors import DomainError, InvalidInput
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.status import AssignmentStatus, JurorStatus
from crowd.core.subjects import RoundFacts
from crowd.mailing.actions import Recipient, send_letter
from crowd.reviews.actions.links import keep_hashes, mailed_token
from crowd.reviews.actions.readers import note, revoke_idle
from crowd.reviews.commands import InviteJuror
from crowd.reviews.gates import facts_of_round
from crowd.reviews.models import Assignment, Juror
from crowd.rounds.models import CallRound
from crowd.store.types import new_public_id
from crowd.web.access import require

REMIND_AFTER = timedelta(hours=24)


def invite_juror(
    session: Session, row: CallRound, command: InviteJuror, *, secret: str, actor: Actor, now: datetime
) -> Juror:
    """Invite by mail; a removed juror may be invited again. `row`'s call must be locked.

    Raises InvalidInput("already_invited") for an address that is on the jury.
    """
    facts = facts_of_round(session, row)
    require(actor, Permission.ROUND_MANAGE, facts, now)
    _require_not_over(facts, now)
    juror = _place_for(session, row, command)
    juror.name, juror.email, juror.is_chair = command.name, command.email, command.is_chair
    juror.invited_by_id, juror.invited_at, juror.status = actor.account_id, now, JurorStatus.INVITED
    keep_hashes(juror, secret)
    session.add(juror)
    session.flush()
    note(session, EventKind.JUROR_INVITED, row, now=now, actor_id=actor.account_id, subject_id=juror.id)
    send_invitation(session, row, juror, facts, secret=secret, now=now)
    return juror


def _place_for(session: Session, row: CallRound, command: InviteJuror) -> Juror:
    """A new place on the jury, or that of a juror who was removed or declined, with new links."""
    folded = fold_address(command.email)
    known = session.scalar(select(Juror).where(Juror.round_id == row.id, Juror.email_folded == folded))
    if known is None:
        return Juror(public_id=new_public_id(), round_id=row.id, email_folded=folded, link_number=1)
    if known.status in {JurorStatus.INVITED, JurorStatus.ACCEPTED}:
        raise InvalidInput("already_invited", "email", name=known.name)
    known.link_number += 1
    known.answered_at, known.decline_reason = None, ""
    return known


def send_invitation(
    session: Session, row: CallRound, juror: Juror, facts: RoundFacts, *, secret: str, now: datetime
) -> None:
    """The letter with the link that proves the address."""
    inviter = session.scalar(select(Account.name).where(Account.id == juror.invited_by_id))
    _send(session, "jury_invitation", row, juror, facts, secret=secret, now=now, inviter=inviter)


def resend_invitation(session: Session, juror: Juror, *, secret: str, actor: Actor, now: datetime) -> None:
    row = session.get_one(CallRound, juror.round_id)
    facts = facts_of_round(session, row)
    require(actor, Permission.ROUND_MANAGE, facts, now)
    _require_not_over(facts, now)
    if juror.status not in {JurorStatus.INVITED, JurorStatus.ACCEPTED}:
        raise DomainError("juror_gone")
    note(session, EventKind.JUROR_INVITED, row, now=now, actor_id=actor.account_id, subject_id=juror.id, again=True)
    send_invitation(session, row, juror, facts, secret=secret, now=now)


def show_link(session: Session, juror: Juror, *, actor: Actor, now: datetime) -> None:
    """Leave a trace that a chair copied a juror's link."""
    row = session.get_one(CallRound, juror.round_id)
    require(actor, Permission.ROUND_ASSIGN, facts_of_round(session, row), now)
    if juror.status is JurorStatus.REMOVED:
        raise DomainError("juror_gone")
    note(session, EventKind.JUROR_LINK_SHOWN, row, now=now, actor_id=actor.account_id, subject_id=juror.id)


def replace_links(session: Session, juror: Juror, *, secret: str, actor: Actor, now: datetime) -> None:
    """End the links that went out, because one leaked, and mail a new one."""
    juror.link_number += 1
    keep_hashes(juror, secret)
    session.flush()
    resend_invitation(session, juror, secret=secret, actor=actor, now=now)


def set_chair(session: Session, juror: Juror, *, is_chair: bool, actor: Actor, now: datetime) -> None:
    row = session.get_one(CallRound, juror.round_id)
    require(actor, Permission.ROUND_MANAGE, facts_of_round(session, row), now)
    if juror.is_chair is not is_chair:
        juror.is_chair = is_chair
        note(
            session,
            EventKind.JUROR_CHAIR_SET,
            row,
            now=now,
            actor_id=actor.account_id,
            subject_id=juror.id,
            is_chair=is_chair,
        )


def remove_juror(session: Session, juror: Juror, *, actor: Actor, now: datetime) -> None:
    """Take a juror off the jury: links and access end, open work is free again, reviews are kept but no longer count."""
    row = session.get_one(CallRound, juror.round_id)
    require(actor, Permission.ROUND_MANAGE, facts_of_round(session, row), now)
    if juror.status is JurorStatus.REMOVED:
        return
    source, juror.status = juror.status, JurorStatus.REMOVED
    session.flush()
    proposals = session.scalars(select(Assignment.proposal_id).where(Assignment.juror_id == juror.id)).all()
    session.execute(
        update(Assignment)
        .where(Assignment.juror_id == juror.id, Assignment.status == AssignmentStatus.ASSIGNED)
        .values(status=AssignmentStatus.WITHDRAWN)
    )
    if juror.account_id:
        revoke_idle(session, juror.account_id, proposals)
    note(
        session,
        EventKind.JUROR_REMOVED,
        row,
        now=now,
        actor_id=actor.account_id,
        subject_id=juror.id,
        source=source,
        target=juror.status,
    )


def remind_jurors(
    session: Session, row: CallRound, jurors: Iterable[Juror], *, secret: str, actor: Actor, now: datetime
) -> int:
    """Remind each juror by mail, at most once in REMIND_AFTER. Returns how many were reminded."""
    facts = facts_of_round(session, row)
    require(actor, Permission.ROUND_ASSIGN, facts, now)
    _require_not_over(facts, now)
    due = [juror for juror in jurors if _may_be_reminded(juror, now)]
    for juror in due:
        juror.reminded_at = now
        note(session, EventKind.JUROR_REMINDED, row, now=now, actor_id=actor.account_id, subject_id=juror.id)
        _send(
            session,
            "jury_reminder",
            row,
            juror,
            facts,
            secret=secret,
            now=now,
            invited=juror.status is JurorStatus.INVITED,
            left=_open_count(session, juror),
        )
    return len(due)


def _may_be_reminded(juror: Juror, now: datetime) -> bool:
    answering = juror.status in {JurorStatus.INVITED, JurorStatus.ACCEPTED}
    return answering and (juror.reminded_at is None or juror.reminded_at + REMIND_AFTER <= now)


def _open_count(session: Session, juror: Juror) -> int:
    query = select(Assignment.id).where(Assignment.juror_id == juror.id, Assignment.status == AssignmentStatus.ASSIGNED)
    return len(session.scalars(query).all())


def _require_not_over(facts: RoundFacts, now: datetime) -> None:
    if facts.is_over(now):
        raise DomainError("jury_round_over")


def _send(
    session: Session,
    kind: str,
    row: CallRound,
    juror: Juror,
    facts: RoundFacts,
    *,
    secret: str,
    now: datetime,
    **more: Any,
) -> None:
    call = session.get_one(Call, row.call_id)
    stage = facts.stage()
    rules = facts.call.rules
    context = {
        "juror": juror.name,
        "organization": call.organization.name,
        "call": call.title,
        "round": facts.round.title,
        "lead": call.lead,
        "deadline": stage.closes_at if stage else None,
        "zone": rules.time_zone,
        "path": f"/jury/{mailed_token(juror, secret)}",
        **more,
    }
    send_letter(
        session,
        kind,
        Recipient(juror.email, juror.name, rules.language, juror.account_id),
        context,
        now=now,
        has_secret=True,
        organization_id=call.organization_id,
        call_id=call.id,
    )
