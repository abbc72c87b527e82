"""What the clock announces, each once for its date: a date that is shifted is announced anew when it comes near again."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.amendments.models import Amendment
from crowd.calls.models import Call, CallStage, LatePermit
from crowd.core.events import EventKind
from crowd.core.rules import RoundKind
from crowd.core.status import AmendmentStatus, AssignmentStatus, CallStatus, JurorStatus, ProposalStatus, StageKind
from crowd.proposals.models import Proposal
from crowd.reviews.models import Assignment, Juror
from crowd.rounds.models import CallRound
from crowd.store.events import record
from crowd.store.models import Event

NEAR = timedelta(days=3)
OBJECTION_NEAR = CONSENT_NEAR = timedelta(days=2)
LAST_DAY = timedelta(days=1)


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
    """Three days and once more a day before submission closes, each once for each closing date, where drafts wait."""
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
        last = stage.closes_at is not None and stage.closes_at <= now + LAST_DAY
        key = _stamp(stage.closes_at) + (":last" if last else "")
        _record_once(session, EventKind.DEADLINE_NEAR, call, now, key, until=stage.closes_at)


def announce_late_permits(session: Session, now: datetime) -> None:
    """A day before a permit to hand in late ends, to its holder alone, where it was longer and a draft of theirs waits."""
    ending = (
        select(Call, LatePermit)
        .join(LatePermit, LatePermit.call_id == Call.id)
        .where(
            Call.status == CallStatus.PUBLISHED,
            Call.list_frozen_at.is_(None),
            LatePermit.revoked_at.is_(None),
            LatePermit.until > now,
            LatePermit.until <= now + LAST_DAY,
            select(Proposal.id)
            .where(
                Proposal.call_id == Call.id,
                Proposal.status == ProposalStatus.DRAFT,
                Proposal.lead_id == LatePermit.account_id,
            )
            .exists(),
        )
    )
    for call, permit in session.execute(ending):
        if permit.given_at <= permit.until - LAST_DAY:
            key = f"permit:{permit.id}:{_stamp(permit.until)}"
            _record_once(
                session, EventKind.DEADLINE_NEAR, call, now, key, subject_id=permit.account_id, until=permit.until
            )


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
        key = f"{juror.id}:{_stamp(stage.closes_at)}"
        _record_once(session, kind, call, now, key, subject_id=juror.id, until=stage.closes_at)


def announce_votes(session: Session, now: datetime) -> None:
    """A day before a vote closes, to those who asked to be reminded and have not voted."""
    closing = (
        select(Call, CallStage, CallRound)
        .join(CallStage, CallStage.call_id == Call.id)
        .join(CallRound, CallRound.call_id == Call.id)
        .where(
            Call.status == CallStatus.PUBLISHED,
            CallStage.kind == StageKind.VOTING,
            CallStage.opens_at <= now,
            CallStage.closes_at > now,
            CallStage.closes_at <= now + LAST_DAY,
            CallRound.kind == RoundKind.VOTE,
            CallRound.opened_at >= CallStage.opens_at,
            CallRound.opened_at < CallStage.closes_at,
        )
    )
    for call, stage, row in session.execute(closing):
        key = f"{row.id}:{_stamp(stage.closes_at)}"
        _record_once(session, EventKind.VOTING_CLOSES, call, now, key, subject_id=row.id, until=stage.closes_at)


def announce_objections(session: Session, now: datetime) -> None:
    """Two days before the time to object ends, to all entrants."""
    ending = (
        select(Call, CallStage)
        .join(CallStage, CallStage.call_id == Call.id)
        .where(
            Call.status == CallStatus.PUBLISHED,
            CallStage.kind == StageKind.OBJECTION,
            CallStage.opens_at <= now,
            CallStage.closes_at > now,
            CallStage.closes_at <= now + OBJECTION_NEAR,
        )
    )
    for call, stage in session.execute(ending):
        key = f"{stage.key}:{_stamp(stage.closes_at)}"
        _record_once(session, EventKind.OBJECTION_ENDS, call, now, key, until=stage.closes_at)


def announce_consents(session: Session, now: datetime) -> None:
    """Two days before an amendment is decided, to those who have not answered."""
    waiting = (
        select(Call, Amendment)
        .join(Amendment, Amendment.call_id == Call.id)
        .where(
            Amendment.status == AmendmentStatus.PROPOSED,
            Amendment.decide_by > now,
            Amendment.decide_by <= now + CONSENT_NEAR,
        )
    )
    for call, amendment in session.execute(waiting):
        key, until = f"{amendment.id}:{_stamp(amendment.decide_by)}", amendment.decide_by
        _record_once(session, EventKind.CONSENT_DUE, call, now, key, subject_id=amendment.id, until=until)


def announce_corrections(session: Session, now: datetime) -> None:
    """Corrections that are due within a day, and those that were not made in time; once for each date."""
    waiting = (
        select(Call, Proposal)
        .join(Proposal, Proposal.call_id == Call.id)
        .where(
            Proposal.status == ProposalStatus.CORRECTION,
            Proposal.correction_due <= now + LAST_DAY,
            Call.results_published_at.is_(None),
        )
    )
    for call, proposal in session.execute(waiting):
        due = proposal.correction_due
        kind = EventKind.CORRECTION_DUE if due and due > now else EventKind.CORRECTION_OVERDUE
        _record_once(session, kind, call, now, f"{proposal.id}:{_stamp(due)}", proposal_id=proposal.id, until=due)


def _stamp(moment: datetime | None) -> str:
    return moment.strftime("%Y%m%d%H%M%S") if moment else ""


def _record_once(  # noqa: PLR0913 (the columns of an event, all by name)
    session: Session,
    kind: EventKind,
    call: Call,
    now: datetime,
    key: str,
    *,
    proposal_id: int | None = None,
    subject_id: int | None = None,
    until: datetime | None = None,
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
            until=until.isoformat() if until else None,
        )
