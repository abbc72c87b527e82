"""Asking to join a team, and what its lead answers; saying how one's own proposal differs from one like it."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.actor import Actor
from crowd.core.errors import IllegalMove, InvalidInput, NotAllowed
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.status import JoinStatus
from crowd.proposals.actions.team import invite_member
from crowd.proposals.commands import Invitation
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import Difference, JoinRequest, Proposal
from crowd.store.events import record
from crowd.web.access import require

MOST_DIFFERENCES = 20


def ask_to_join(session: Session, proposal: Proposal, message: str, *, actor: Actor, now: datetime) -> JoinRequest:
    """Ask the lead of the locked proposal, once. Raises NotAllowed, InvalidInput("asked_already")."""
    require(actor, Permission.PROPOSAL_JOIN, facts_of_proposal(session, proposal), now)
    before = select(JoinRequest.id).where(
        JoinRequest.proposal_id == proposal.id, JoinRequest.account_id == actor.account_id
    )
    if session.scalar(before) is not None:
        raise InvalidInput("asked_already")
    request = JoinRequest(proposal_id=proposal.id, account_id=actor.account_id, message=message, asked_at=now)
    session.add(request)
    _record(session, EventKind.JOIN_ASKED, proposal, request, actor, now)
    return request


def accept_join(
    session: Session, proposal: Proposal, request: JoinRequest, *, token: str, actor: Actor, now: datetime
) -> None:
    """Invite whoever asked; they answer the invitation like anybody else. `proposal` and `request` are locked."""
    _check_waiting(request)
    account = session.get_one(Account, request.account_id)
    invite_member(session, proposal, Invitation(account.email, account.name), token=token, actor=actor, now=now)
    request.status, request.answered_at = JoinStatus.ACCEPTED, now
    _record(session, EventKind.JOIN_ACCEPTED, proposal, request, actor, now)


def decline_join(session: Session, proposal: Proposal, request: JoinRequest, *, actor: Actor, now: datetime) -> None:
    """Also after the team is closed: whoever asked waits for an answer."""
    if actor.account_id != proposal.lead_id:
        raise NotAllowed("lead")
    _check_waiting(request)
    request.status, request.answered_at = JoinStatus.DECLINED, now
    _record(session, EventKind.JOIN_DECLINED, proposal, request, actor, now)


def _check_waiting(request: JoinRequest) -> None:
    if request.status is not JoinStatus.PENDING:
        raise IllegalMove("answer", request.status)


def _record(
    session: Session, kind: EventKind, proposal: Proposal, request: JoinRequest, actor: Actor, now: datetime
) -> None:
    session.flush()
    record(
        session,
        kind,
        now=now,
        actor_id=actor.account_id,
        call_id=proposal.call_id,
        proposal_id=proposal.id,
        subject_id=request.account_id,
    )


def say_difference(
    session: Session, proposal: Proposal, other_id: int, words: str, *, actor: Actor, now: datetime
) -> None:
    """Keep how the locked proposal differs from another of its call; without words what was said is taken back.

    Raises NotAllowed, InvalidInput("too_many_differences").
    """
    require(actor, Permission.PROPOSAL_EDIT, facts_of_proposal(session, proposal), now)
    mine = select(Difference).where(Difference.proposal_id == proposal.id)
    known = session.scalars(mine).all()
    said = next((row for row in known if row.other_id == other_id), None)
    if not words.strip():
        session.execute(
            delete(Difference).where(Difference.proposal_id == proposal.id, Difference.other_id == other_id)
        )
    elif said is not None:
        said.text, said.at = words, now
    elif len(known) >= MOST_DIFFERENCES:
        raise InvalidInput("too_many_differences", most=MOST_DIFFERENCES)
    else:
        session.add(Difference(proposal_id=proposal.id, other_id=other_id, text=words, at=now))
