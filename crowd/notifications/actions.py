"""Reading marks, preferences, and what the clock announces."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crowd.calls.models import Call, CallStage
from crowd.core.events import EventKind
from crowd.core.notices import BY_KEY
from crowd.core.status import AssignmentStatus, CallStatus, JurorStatus, ProposalStatus, StageKind
from crowd.notifications.models import Notification, Preference
from crowd.proposals.models import Proposal
from crowd.reviews.models import Assignment, Juror
from crowd.rounds.models import CallRound
from crowd.store.events import record
from crowd.store.models import Event

NEAR = timedelta(days=3)


def mark_read(session: Session, account_id: int, now: datetime, notification_id: int | None = None) -> None:
    """One notice, or all of a person's."""
    statement = update(Notification).where(Notification.account_id == account_id, Notification.read_at.is_(None))
    if notification_id is not None:
        statement = statement.where(Notification.id == notification_id)
    session.execute(statement.values(read_at=now))


def choose_mails(session: Session, account_id: int, choices: dict[str, bool]) -> None:
    """Store a person's switches; kinds that do not exist are ignored."""
    known = {row.kind: row for row in session.scalars(select(Preference).where(Preference.account_id == account_id))}
    for kind, by_mail in choices.items():
        if kind in known:
            known[kind].by_mail = by_mail
        elif kind in BY_KEY:
            session.add(Preference(account_id=account_id, kind=kind, by_mail=by_mail))


def announce_stages(session: Session, now: datetime) -> None:
    """Record each stage that opened since the last look, once."""
    opened = session.execute(
        select(CallStage, Call)
        .join(Call, CallStage.call_id == Call.id)
        .where(CallStage.announced_at.is_(None), CallStage.opens_at <= now, Call.status == CallStatus.PUBLISHED)
        .limit(200)
    )
    for stage, call in opened:
        stage.announced_at = now
        _record_once(session, EventKind.STAGE_OPENED, call, now, f"{stage.key}", subject_id=stage.id)


def announce_deadlines(session: Session, now: datetime) -> None:
    """Three days before submission closes, once for each closing date, where drafts wait."""
    near = (
        select(Call, CallStage)
        .join(CallStage, CallStage.call_id == Call.id)
        .where(
            Call.status == CallStatus.PUBLISHED,
            CallStage.kind == StageKind.SUBMISSION,
            CallStage.opens_at <= now,
            CallStage.closes_at > now,
            CallStage.closes_at <= now + NEAR,
            select(Proposal.id).where(Proposal.call_id == Call.id, Proposal.status == ProposalStatus.DRAFT).exists(),
        )
    )
    for call, stage in session.execute(near):
        _record_once(session, EventKind.DEADLINE_NEAR, call, now, _stamp(stage.closes_at))


def announce_reviews(session: Session, now: datetime) -> None:
    """Jurors with open work: three days before their round closes, and once when it has closed without them."""
    behind = (
        select(Call, CallStage, Juror)
        .join(CallStage, CallStage.call_id == Call.id)
        .join(CallRound, CallRound.call_id == Call.id)
        .join(Juror, Juror.round_id == CallRound.id)
        .where(
            Call.status == CallStatus.PUBLISHED,
            Call.results_published_at.is_(None),
            CallStage.kind == StageKind.REVIEW,
            CallStage.opens_at <= now,
            CallStage.closes_at <= now + NEAR,
            CallRound.opened_at >= CallStage.opens_at,
            Juror.status == JurorStatus.ACCEPTED,
            select(Assignment.id)
            .where(Assignment.juror_id == Juror.id, Assignment.status == AssignmentStatus.ASSIGNED)
            .exists(),
        )
    )
    for call, stage, juror in session.execute(behind):
        kind = EventKind.REVIEW_DUE if stage.closes_at and stage.closes_at > now else EventKind.REVIEW_OVERDUE
        _record_once(session, kind, call, now, f"{juror.id}:{_stamp(stage.closes_at)}", subject_id=juror.id)


def announce_corrections(session: Session, now: datetime) -> None:
    """Corrections that were not made in time, once for each date."""
    late = (
        select(Call, Proposal)
        .join(Proposal, Proposal.call_id == Call.id)
        .where(
            Proposal.status == ProposalStatus.CORRECTION,
            Proposal.correction_due <= now,
            Call.results_published_at.is_(None),
        )
    )
    for call, proposal in session.execute(late):
        key = f"{proposal.id}:{_stamp(proposal.correction_due)}"
        _record_once(session, EventKind.CORRECTION_OVERDUE, call, now, key, proposal_id=proposal.id)


def _stamp(moment: datetime | None) -> str:
    return moment.strftime("%Y%m%d%H%M%S") if moment else ""


def _record_once(
    session: Session,
    kind: EventKind,
    call: Call,
    now: datetime,
    key: str,
    *,
    proposal_id: int | None = None,
    subject_id: int | None = None,
) -> None:
    once_key = f"{kind}:{call.id}:{key}"
    if session.scalar(select(Event.id).where(Event.once_key == once_key)) is None:
        record(
            session,
            kind,
            now=now,
            organization_id=call.organization_id,
            call_id=call.id,
            proposal_id=proposal_id,
            subject_id=subject_id,
            once_key=once_key,
        )
