"""Whom in a proposal's team a notice is for."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.events import EventKind
from crowd.core.status import MemberStatus
from crowd.proposals.models import Proposal, TeamMember
from crowd.store.models import Event

Ids = Iterable[int | None]


def team(session: Session, event: Event) -> Ids:
    """Accepted members of the proposal's team."""
    return session.scalars(
        select(TeamMember.account_id).where(
            TeamMember.proposal_id == event.proposal_id, TeamMember.status == MemberStatus.ACCEPTED
        )
    )


def lead(session: Session, event: Event) -> Ids:
    return session.scalars(select(Proposal.lead_id).where(Proposal.id == event.proposal_id))


def invited_member(session: Session, event: Event) -> Ids:
    """The invited account, if there is one by now; the event names it, not its place in the team."""
    return session.scalars(
        select(TeamMember.account_id).where(
            TeamMember.proposal_id == event.proposal_id,
            TeamMember.account_id == event.subject_id,
            TeamMember.status == MemberStatus.PENDING,
        )
    )


def asked_members(session: Session, event: Event) -> Ids:
    """Who is asked to lead, or whose agreement to shares or roles is still waited for."""
    team = (TeamMember.proposal_id == event.proposal_id, TeamMember.status == MemberStatus.ACCEPTED)
    if event.kind is EventKind.TEAM_LEAD_OFFERED:
        asked = (TeamMember.account_id == event.subject_id) & TeamMember.lead_offered_at.is_not(None)
    else:
        shares = TeamMember.asked_share.is_not(None) & TeamMember.agreed_at.is_(None)
        asked = TeamMember.asked_roles.is_not(None) | shares
    return session.scalars(select(TeamMember.account_id).where(*team, asked))


def changed_team(session: Session, event: Event) -> Ids:
    """The team; of somebody who left by themselves, the lead alone is told."""
    if event.kind is not EventKind.TEAM_REMOVED:
        return team(session, event)
    return lead(session, event) if event.actor_id == event.subject_id else []


def taken_out(session: Session, event: Event) -> Ids:
    return [event.subject_id] if event.source == MemberStatus.ACCEPTED else []  # who only had been asked is not told
