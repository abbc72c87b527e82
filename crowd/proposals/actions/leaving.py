"""Declining, leaving, being taken out; handing over the lead."""

from datetime import datetime

from sqlalchemy.orm import Session

from crowd.core.actor import Actor
from crowd.core.errors import IllegalMove, NotAllowed
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.status import MemberStatus
from crowd.proposals.actions.members import ACTIVE, active_of, asked_of, lead_of, note, without
from crowd.proposals.actions.shares import settle
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import Proposal, TeamMember
from crowd.web.access import require


def decline_invitation(
    session: Session, proposal: Proposal, member: TeamMember, *, actor: Actor, now: datetime
) -> None:
    """Whoever holds the link may say no, without an account."""
    if member.status is not MemberStatus.PENDING:
        raise IllegalMove("decline", member.status)
    _drop(session, proposal, member, MemberStatus.DECLINED, actor, now)
    note(session, EventKind.TEAM_DECLINED, proposal, member, actor, now)


def remove_member(session: Session, proposal: Proposal, member: TeamMember, *, actor: Actor, now: datetime) -> None:
    """The lead takes somebody out, or a member leaves. An unanswered invitation is withdrawn until results are published."""
    facts = facts_of_proposal(session, proposal)
    if facts.call.results_published:
        raise NotAllowed("results_unpublished")
    if member.account_id == proposal.lead_id or member.status not in ACTIVE:
        raise IllegalMove("remove", member.status)
    own = actor.account_id is not None and member.account_id == actor.account_id
    waiting = member.status is MemberStatus.PENDING and actor.account_id == proposal.lead_id
    if not own and not waiting:
        require(actor, Permission.PROPOSAL_TEAM, facts, now)
    was = member.status
    _drop(session, proposal, member, MemberStatus.REMOVED, actor, now)
    note(session, EventKind.TEAM_REMOVED, proposal, member, actor, now, source=was)


def _drop(
    session: Session, proposal: Proposal, member: TeamMember, status: MemberStatus, actor: Actor, now: datetime
) -> None:
    """What is freed stays with the rest, in force and in what is asked; nobody gets less, so nobody is asked again."""
    active = active_of(session, proposal.id)
    rest = [other for other in active if other is not member]
    lead = lead_of(active, proposal) if proposal.lead_id else None
    accepted = [other for other in rest if other.status is MemberStatus.ACCEPTED]
    if lead is not None:
        asked = without({other.id: asked_of(other) for other in active}, member, rest, lead)
        if member.status is MemberStatus.ACCEPTED:
            held = {other.id: other.share for other in [*accepted, member]}
            for other in accepted:
                other.share = without(held, member, accepted, lead)[other.id]
        if any(other.asked_share is not None for other in active):
            for other in rest:
                other.asked_share = asked[other.id]
    member.status, member.answered_at, member.share = status, now, 0
    member.asked_share = member.asked_roles = member.agreed_at = member.lead_offered_at = None
    session.flush()
    settle(session, proposal, actor=actor, now=now)


def offer_lead(session: Session, proposal: Proposal, member: TeamMember, *, actor: Actor, now: datetime) -> None:
    """Ask a member to lead from now on. An earlier offer to somebody else ends."""
    require(actor, Permission.PROPOSAL_SHARES, facts_of_proposal(session, proposal), now)
    if member.status is not MemberStatus.ACCEPTED or member.account_id == proposal.lead_id:
        raise IllegalMove("offer_lead", member.status)
    for other in active_of(session, proposal.id):
        other.lead_offered_at = now if other is member else None
    note(session, EventKind.TEAM_LEAD_OFFERED, proposal, member, actor, now)


def accept_lead(session: Session, proposal: Proposal, member: TeamMember, *, actor: Actor, now: datetime) -> None:
    """The person asked takes over. Whoever led stays a member."""
    require(actor, Permission.TEAM_AGREE, facts_of_proposal(session, proposal), now)
    if member.account_id != actor.account_id or member.lead_offered_at is None:
        raise IllegalMove("accept_lead", member.status)
    proposal.lead_id, member.lead_offered_at = member.account_id, None
    note(session, EventKind.TEAM_LEAD_CHANGED, proposal, member, actor, now)


def end_lead_offer(session: Session, proposal: Proposal, member: TeamMember, *, actor: Actor, now: datetime) -> None:
    """The person asked says no, or the lead takes the offer back."""
    require(actor, Permission.TEAM_AGREE, facts_of_proposal(session, proposal), now)
    if actor.account_id not in {member.account_id, proposal.lead_id} or member.lead_offered_at is None:
        raise IllegalMove("end_lead_offer", member.status)
    member.lead_offered_at = None
    session.flush()
