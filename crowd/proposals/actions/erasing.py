"""What becomes of somebody's proposals and places in teams when their account is erased."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from crowd.accounts.commands import erased_address
from crowd.accounts.models import Account
from crowd.core.actor import Actor
from crowd.core.errors import IllegalMove, NotAllowed
from crowd.core.events import EventKind
from crowd.core.status import MemberStatus, ProposalStatus
from crowd.proposals.actions.handing_in import delete_draft, withdraw_proposal
from crowd.proposals.actions.leaving import decline_invitation, remove_member
from crowd.proposals.actions.members import active_of, note
from crowd.proposals.models import BehalfEntry, Exclusion, JoinRequest, Presence, Proposal, Reader, TeamMember
from crowd.store.db import lock


def erase_person(session: Session, account: Account, *, actor: Actor, now: datetime) -> list[str]:
    """Drafts go; what a team shares is led by its next member; what was handed in alone and is undecided is withdrawn. The rest
    stays as a contributor's. `actor`: the person. Returns the keys of files to be deleted after the commit.
    """
    files: list[str] = []
    for proposal in _concerned(session, account):
        lock(session, proposal)
        if proposal.lead_id == account.id:
            files += _leave_lead(session, proposal, actor=actor, now=now)
    for member in session.scalars(select(TeamMember).where(_place_of(account)).order_by(TeamMember.id)).all():
        _empty(session, member, account, actor=actor, now=now)
    session.execute(delete(JoinRequest).where(JoinRequest.account_id == account.id))
    session.execute(delete(Presence).where(Presence.account_id == account.id))
    session.execute(delete(Reader).where(Reader.account_id == account.id))
    session.execute(update(Exclusion).where(Exclusion.account_id == account.id).values(reason=""))
    entered = update(BehalfEntry).where(func.lower(BehalfEntry.email) == account.email_folded)
    session.execute(entered.values(name="", email="", contact="", consent="", token_hash=None, claim_due=False))
    session.flush()
    return files


def _place_of(account: Account) -> ColumnElement[bool]:
    return or_(TeamMember.account_id == account.id, TeamMember.email_folded == account.email_folded)


def _concerned(session: Session, account: Account) -> list[Proposal]:
    """In the order of their ids, as everybody locks several."""
    shared = select(TeamMember.proposal_id).where(_place_of(account))
    mine = select(Proposal).where(or_(Proposal.lead_id == account.id, Proposal.id.in_(shared)))
    return list(session.scalars(mine.order_by(Proposal.id)))


def _leave_lead(session: Session, proposal: Proposal, *, actor: Actor, now: datetime) -> list[str]:
    heir = next(
        (
            member
            for member in active_of(session, proposal.id)
            if member.status is MemberStatus.ACCEPTED and member.account_id not in {None, proposal.lead_id}
        ),
        None,
    )
    if heir is not None:
        proposal.lead_id, heir.lead_offered_at = heir.account_id, None
        note(session, EventKind.TEAM_LEAD_CHANGED, proposal, heir, actor, now)
        return []
    with suppress(NotAllowed, IllegalMove):  # decided, merged or withdrawn: it stays as it is
        if proposal.status is ProposalStatus.DRAFT:
            return delete_draft(session, proposal, actor=actor, now=now)
        withdraw_proposal(session, proposal, "", actor=actor, now=now)
    return []


def _empty(session: Session, member: TeamMember, account: Account, *, actor: Actor, now: datetime) -> None:
    """A place keeps its share and its roles where the proposal was handed in; else it is given up."""
    proposal = session.get(Proposal, member.proposal_id)
    if proposal is None:  # a draft that is gone
        return
    with suppress(NotAllowed, IllegalMove):
        if member.status is MemberStatus.PENDING:
            decline_invitation(session, proposal, member, actor=actor, now=now)
        elif proposal.status is ProposalStatus.DRAFT:
            remove_member(session, proposal, member, actor=actor, now=now)
    member.account_id = account.id
    member.name = member.email = ""
    member.email_folded, member.token_hash = erased_address(account.id, member.id), None
