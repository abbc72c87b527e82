"""The panel talks about a proposal: those whose review is in, and the chair."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.actor import Actor
from crowd.core.errors import InvalidInput, NotAllowed
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.proposals.gates import stakes_in
from crowd.proposals.models import Proposal
from crowd.reviews.actions.readers import note
from crowd.reviews.gates import facts_of_assignment, facts_of_round, stake_of_account
from crowd.reviews.models import Assignment, Remark
from crowd.rounds.models import CallRound
from crowd.web.access import require


def say_as_juror(session: Session, assignment: Assignment, text: str, *, actor: Actor, now: datetime) -> Remark:
    """A remark by a juror, whose own locked assignment is handed in. InvalidInput("remark_empty") without words."""
    require(actor, Permission.REVIEW_DISCUSS, facts_of_assignment(session, assignment), now)
    row = session.get_one(CallRound, assignment.round_id)
    return _say(session, row, assignment.proposal_id, text, actor, now)


def say_as_chair(
    session: Session, row: CallRound, proposal: Proposal, text: str, *, actor: Actor, now: datetime
) -> Remark:
    """A remark by whoever leads the jury. NotAllowed("no_stake") where they have a stake in the proposal."""
    require(actor, Permission.ROUND_ASSIGN, facts_of_round(session, row), now)
    if stake_of_account(session, stakes_in(session, [proposal.id]), [proposal.id], actor.account_id):
        raise NotAllowed("no_stake")
    return _say(session, row, proposal.id, text, actor, now)


def _say(session: Session, row: CallRound, proposal_id: int, text: str, actor: Actor, now: datetime) -> Remark:
    """The same words sent twice are said once."""
    if not text.strip():
        raise InvalidInput("remark_empty", "text")
    newest = session.scalar(
        select(Remark)
        .where(Remark.round_id == row.id, Remark.proposal_id == proposal_id)
        .order_by(Remark.id.desc())
        .limit(1)
    )
    if newest and (newest.author_id, newest.text) == (actor.account_id, text.strip()):
        return newest
    remark = Remark(round_id=row.id, proposal_id=proposal_id, author_id=actor.account_id, text=text.strip(), at=now)
    session.add(remark)
    session.flush()
    note(
        session,
        EventKind.PANEL_REMARK,
        row,
        now=now,
        actor_id=actor.account_id,
        proposal_id=proposal_id,
        subject_id=remark.id,
    )
    return remark
