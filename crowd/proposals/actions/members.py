"""What every act upon a team stands on: its rows, its shares, its trace."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.actor import Actor
from crowd.core.credit import equal_shares
from crowd.core.events import EventKind
from crowd.core.status import MemberStatus
from crowd.proposals.models import Proposal, TeamMember
from crowd.store.events import record

ACTIVE = (MemberStatus.PENDING, MemberStatus.ACCEPTED)
Shares = Mapping[int, int]
"""Hundredths of a percent by the id of the member."""


def team_of(session: Session, proposal_id: int) -> list[TeamMember]:
    """Every row, also of those who declined or left, in the order of the team."""
    query = select(TeamMember).where(TeamMember.proposal_id == proposal_id)
    return list(session.scalars(query.order_by(TeamMember.position, TeamMember.id)))


def active_of(session: Session, proposal_id: int) -> list[TeamMember]:
    return [member for member in team_of(session, proposal_id) if member.status in ACTIVE]


def lead_of(members: Iterable[TeamMember], proposal: Proposal) -> TeamMember:
    return next(member for member in members if member.account_id == proposal.lead_id)


def asked_of(member: TeamMember) -> int:
    """The share that is proposed, or else the one in force."""
    return member.share if member.asked_share is None else member.asked_share


def equal_parts(members: Sequence[TeamMember], lead: TeamMember) -> dict[int, int]:
    return equal_shares([member.id for member in members], lead.id)


def without(shares: Shares, gone: TeamMember, rest: Sequence[TeamMember], lead: TeamMember) -> dict[int, int]:
    """The shares of the rest: equal ones stay equal, otherwise what is freed goes to the lead. Nobody gets less."""
    if dict(shares) == equal_parts([*rest, gone], lead):
        return equal_parts(rest, lead)
    left = {member.id: shares.get(member.id, 0) for member in rest}
    return left | {lead.id: left[lead.id] + shares.get(gone.id, 0)}


def note(
    session: Session,
    kind: EventKind,
    proposal: Proposal,
    member: TeamMember | None,
    actor: Actor,
    now: datetime,
    *,
    source: str | None = None,
) -> None:
    """`member`: whom it is about; `source`: what they were before."""
    session.flush()
    record(
        session,
        kind,
        now=now,
        actor_id=actor.account_id,
        call_id=proposal.call_id,
        proposal_id=proposal.id,
        subject_id=member.account_id if member else None,
        source=source,
    )
