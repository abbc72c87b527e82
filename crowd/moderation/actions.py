"""Reporting, and deciding about what is reported: keep, hide, show again. Whoever has a stake decides nothing here."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from crowd.conversation.actions import hide_comment, unhide_comment
from crowd.conversation.gates import comment_facts
from crowd.conversation.models import Comment
from crowd.core.actor import Actor
from crowd.core.errors import DomainError, InvalidInput
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.status import ReportDecision
from crowd.core.subjects import CallFacts, CommentFacts, EndorsementFacts, ProposalFacts
from crowd.moderation.commands import Complaint
from crowd.moderation.models import Report
from crowd.moderation.queries import Reportable, has_reported, open_reports, thing_of
from crowd.proposals.actions import hide_proposal, unhide_proposal
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import Proposal
from crowd.selection.actions.endorsing import hide_endorsement, unhide_endorsement
from crowd.selection.gates import facts_of_endorsement
from crowd.selection.models import Credit, Endorsement
from crowd.store.events import record
from crowd.web.access import require

REPORT: Mapping[type[object], Permission] = {
    Proposal: Permission.PROPOSAL_REPORT,
    Comment: Permission.COMMENT_REPORT,
    Endorsement: Permission.ENDORSEMENT_REPORT,
}
HIDE: Mapping[type[object], Permission] = {
    Proposal: Permission.PROPOSAL_HIDE,
    Comment: Permission.COMMENT_HIDE,
    Endorsement: Permission.ENDORSEMENT_HIDE,
}


def report(session: Session, row: Reportable, complaint: Complaint, *, actor: Actor, now: datetime) -> Report:
    """Report a locked proposal, comment or endorsement. DomainError("reported_already") for a second report by the same person."""
    call = _judge(session, row, REPORT, actor, now)
    if has_reported(session, thing_of(row), actor.account_id):
        raise DomainError("reported_already")
    made = Report(
        call_id=call.id,
        proposal_id=_place(session, row),
        comment_id=row.id if isinstance(row, Comment) else None,
        endorsement_id=row.id if isinstance(row, Endorsement) else None,
        thing=thing_of(row),
        reporter_id=actor.account_id,
        code=complaint.code,
        text=complaint.text,
        created_at=now,
    )
    session.add(made)
    session.flush()
    _record(session, EventKind.REPORT_MADE, made, call, actor, now)
    return made


def _place(session: Session, row: Reportable) -> int | None:
    """The proposal that it is, stands on, or speaks of."""
    if isinstance(row, Endorsement):
        return session.get_one(Credit, row.credit_id).proposal_id
    return row.id if isinstance(row, Proposal) else row.proposal_id


def keep(session: Session, row: Reportable, *, actor: Actor, now: datetime) -> int:
    """Leave it where it is and answer those who reported it. Returns how many reports that settles."""
    call = _judge(session, row, HIDE, actor, now)
    return _settle(session, row, ReportDecision.KEEP, call, actor, now)


def hide(session: Session, row: Reportable, complaint: Complaint, *, actor: Actor, now: datetime) -> int:
    """Hide it with a reason, which its authors read; those who reported it are told. InvalidInput without a reason."""
    call = _judge(session, row, HIDE, actor, now)
    if not complaint.text.strip():
        raise InvalidInput("hide_reason_needed", "text")
    if isinstance(row, Proposal):
        hide_proposal(session, row, complaint.code, complaint.text, actor=actor, now=now)
    elif isinstance(row, Endorsement):
        hide_endorsement(session, row, complaint.code, complaint.text, actor=actor, now=now)
    else:
        hide_comment(session, row, complaint.code, complaint.text, actor=actor, now=now)
    return _settle(session, row, ReportDecision.HIDE, call, actor, now)


def show_again(session: Session, row: Reportable, *, actor: Actor, now: datetime) -> None:
    if isinstance(row, Proposal):
        unhide_proposal(session, row, actor=actor, now=now)
    elif isinstance(row, Endorsement):
        unhide_endorsement(session, row, actor=actor, now=now)
    else:
        unhide_comment(session, row, actor=actor, now=now)


def _judge(
    session: Session, row: Reportable, asked: Mapping[type[object], Permission], actor: Actor, now: datetime
) -> CallFacts:
    facts = _facts(session, row)
    require(actor, asked[type(row)], facts, now)
    return facts.call


def _facts(session: Session, row: Reportable) -> ProposalFacts | CommentFacts | EndorsementFacts:
    if isinstance(row, Proposal):
        return facts_of_proposal(session, row)
    return facts_of_endorsement(session, row) if isinstance(row, Endorsement) else comment_facts(session, row)


def _settle(
    session: Session, row: Reportable, decision: ReportDecision, call: CallFacts, actor: Actor, now: datetime
) -> int:
    settled = open_reports(session, thing_of(row))
    for one in settled:
        one.decision, one.decided_at, one.decided_by_id = decision, now, actor.account_id
        _record(session, EventKind.REPORT_DECIDED, one, call, actor, now)
    return len(settled)


def _record(session: Session, kind: EventKind, about: Report, call: CallFacts, actor: Actor, now: datetime) -> None:
    record(
        session,
        kind,
        now=now,
        actor_id=actor.account_id,
        organization_id=call.organization.id,
        call_id=about.call_id,
        proposal_id=about.proposal_id,
        subject_id=about.id,
        target=about.decision.value if about.decision else None,
        reason=None,
    )
