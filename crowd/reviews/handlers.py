"""Readers of events: ties between reviewers and proposals are looked for when one of them changes, discussions opened when nothing is awaited."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from crowd.calls.gates import rules_of
from crowd.calls.models import Call
from crowd.core.events import EventKind
from crowd.core.rules import RoundKind
from crowd.proposals.models import Proposal, TeamMember
from crowd.reviews.actions import keep_ties, open_discussion
from crowd.reviews.models import Assignment, Juror
from crowd.reviews.queries import candidates_for, jury_with_accounts
from crowd.rounds.models import CallRound
from crowd.store.models import Event

GONE = frozenset({EventKind.JUROR_REMOVED, EventKind.JUROR_DECLINED})
OF_JURORS = frozenset({EventKind.JUROR_INVITED, EventKind.JUROR_ACCEPTED})


def look_for_ties(session: Session, event: Event) -> None:
    """One juror against the list, one proposal against the jury, or both whole where a list was just frozen."""
    for row in _rounds(session, event):
        jurors = jury_with_accounts(session, row.id)
        if event.kind in OF_JURORS:
            jurors = [juror for juror in jurors if juror.id == event.subject_id]
        ids = [proposal.id for proposal in candidates_for(session, row.id)]
        if event.kind not in OF_JURORS and event.proposal_id is not None:
            ids = [id_ for id_ in ids if id_ == event.proposal_id]
        if jurors and ids:
            keep_ties(session, row, jurors, ids, now=event.at)


def look_for_ties_of_member(session: Session, event: Event) -> None:
    """Somebody joined an organization: looked at are the juries they sit on, and those that judge a proposal of theirs."""
    sits = select(Juror.round_id).where(Juror.account_id == event.actor_id)
    wrote = select(Proposal.call_id).join(TeamMember).where(TeamMember.account_id == event.actor_id)
    for row in _running(session, or_(CallRound.id.in_(sits), CallRound.call_id.in_(wrote))):
        ids = [proposal.id for proposal in candidates_for(session, row.id)]
        keep_ties(session, row, jury_with_accounts(session, row.id), ids, now=event.at)


def open_what_waits_for_nobody(session: Session, event: Event) -> None:
    """Work was taken back or recused, or a juror is gone: perhaps nothing else was awaited for these proposals."""
    if event.kind in GONE:
        ids = session.scalars(select(Assignment.proposal_id).where(Assignment.juror_id == event.subject_id)).all()
    else:
        ids = [event.proposal_id] if event.proposal_id else []
    call = session.get_one(Call, event.call_id, with_for_update=True)
    round_id = event.data.get("round_id") if isinstance(event.data, dict) else None
    for row in _running(session, CallRound.id.in_([round_id or 0])):
        for id_ in ids:
            open_discussion(session, row, rules_of(call).round(row.key), id_, now=event.at)


def _rounds(session: Session, event: Event) -> Sequence[CallRound]:
    if event.kind in OF_JURORS:
        mine = select(Juror.round_id).where(Juror.id == event.subject_id)
        return _running(session, CallRound.id.in_(mine))
    return _running(session, Call.id == event.call_id)


def _running(session: Session, where: ColumnElement[bool]) -> Sequence[CallRound]:
    return session.scalars(
        select(CallRound)
        .join(CallRound.call)
        .where(
            where,
            CallRound.kind == RoundKind.REVIEW,
            CallRound.candidates_sha256.is_not(None),
            Call.results_published_at.is_(None),
        )
        .order_by(CallRound.id)
    ).all()
