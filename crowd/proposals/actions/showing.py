"""Whether somebody's profile shows a proposal of theirs."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.actor import Actor
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.status import MemberStatus
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import Proposal, TeamMember
from crowd.store.events import record_in
from crowd.web.access import require


def show_proposal(session: Session, proposal: Proposal, *, shown: bool, actor: Actor, now: datetime) -> None:
    """`proposal` is locked. Each member of a team decides for the own profile alone."""
    facts = facts_of_proposal(session, proposal)
    require(actor, Permission.PROPOSAL_PROFILE, facts, now)
    place = session.scalars(
        select(TeamMember).where(
            TeamMember.proposal_id == proposal.id,
            TeamMember.account_id == actor.account_id,
            TeamMember.status == MemberStatus.ACCEPTED,
        )
    ).one()
    if place.on_profile is not shown:
        place.on_profile = shown
        target = "shown" if shown else "hidden"
        record_in(
            session, EventKind.PROPOSAL_SHOWN, facts.call, actor=actor, now=now, proposal_id=proposal.id, target=target
        )
