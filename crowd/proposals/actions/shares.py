"""Shares and roles. Shares hold when everybody agreed to them: until then the last agreed ones stand."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from crowd.core.actor import Actor
from crowd.core.credit import share_faults
from crowd.core.errors import IllegalMove, InvalidInput, NotAllowed
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.status import MemberStatus
from crowd.proposals.actions.members import Shares, active_of, asked_of, note
from crowd.proposals.commands import Place
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import Proposal, TeamMember
from crowd.web.access import require


def set_places(session: Session, proposal: Proposal, places: Sequence[Place], *, actor: Actor, now: datetime) -> int:
    """Order, roles and shares as the lead wants them; returns how many who had accepted are asked.

    Other shares are a question to the whole team; another's roles, one to that person. Raises InvalidInput("shares_not_whole").
    """
    require(actor, Permission.PROPOSAL_SHARES, facts_of_proposal(session, proposal), now)
    active = {member.id: member for member in active_of(session, proposal.id)}
    if {place.member_id for place in places} != set(active):
        raise InvalidInput("team_changed")
    if share_faults({str(place.member_id): place.share for place in places}):
        raise InvalidInput("shares_not_whole")
    asked: set[int] = set()
    for position, place in enumerate(places):
        member = active[place.member_id]
        member.position = position
        if _put_roles(member, place.roles, own=member.account_id == actor.account_id):
            asked.add(member.id)
    wanted = {place.member_id: place.share for place in places}
    if wanted != {id_: asked_of(member) for id_, member in active.items()}:
        ask(session, proposal, wanted, actor=actor, now=now)
        asked |= set(active)
    others = [m for m in active.values() if m.id in asked and _has_accepted(m) and m.account_id != actor.account_id]
    if others:
        note(session, EventKind.TEAM_TERMS_ASKED, proposal, None, actor, now)
    return len(others)


def _put_roles(member: TeamMember, roles: tuple[str, ...], *, own: bool) -> bool:
    """Whether the person has to be asked: nobody is named with a role they did not agree to."""
    if own or not _has_accepted(member):
        member.roles = list(roles)
        return False
    member.asked_roles = None if tuple(member.roles) == roles else list(roles)
    return member.asked_roles is not None


def _has_accepted(member: TeamMember) -> bool:
    return member.status is MemberStatus.ACCEPTED


def ask(session: Session, proposal: Proposal, wanted: Shares, *, actor: Actor, now: datetime) -> None:
    """Propose shares to everybody active; whoever proposes agrees. Shares as they are in force end the question."""
    active = active_of(session, proposal.id)
    for member in active:
        member.asked_share = wanted[member.id]
        member.agreed_at = now if member.account_id == actor.account_id else None
    settle(session, proposal, actor=actor, now=now)


def settle(session: Session, proposal: Proposal, *, actor: Actor, now: datetime) -> None:
    """The shares asked for come into force once everybody active has agreed, or when nothing differs any more."""
    active = active_of(session, proposal.id)
    if all(member.asked_share is None for member in active):
        return
    same = all(_has_accepted(member) and asked_of(member) == member.share for member in active)
    if not same and not all(_has_accepted(member) and member.agreed_at for member in active):
        return
    for member in active:
        member.share, member.asked_share, member.agreed_at = asked_of(member), None, None
    if not same and len(active) > 1:
        note(session, EventKind.TEAM_TERMS_AGREED, proposal, None, actor, now)


def terms_of(member: TeamMember) -> str:
    """What a person agrees to, as their page carries it: an answer to other terms is not taken."""
    roles = member.roles if member.asked_roles is None else member.asked_roles
    return f"{asked_of(member)}:{','.join(roles)}"


def check_terms(member: TeamMember, terms: str | None) -> None:
    if terms is not None and terms != terms_of(member):
        raise InvalidInput("terms_changed")


def agree(
    session: Session, proposal: Proposal, member: TeamMember, terms: str | None, *, actor: Actor, now: datetime
) -> None:
    """An accepted member agrees to the share and the roles that are asked. `proposal` and `member` are locked."""
    require(actor, Permission.TEAM_AGREE, facts_of_proposal(session, proposal), now)
    if member.account_id != actor.account_id:
        raise NotAllowed("author")
    if not _has_accepted(member) or not is_asked(member):
        raise IllegalMove("agree", member.status)
    check_terms(member, terms)
    if member.asked_roles is not None:
        member.roles, member.asked_roles = list(member.asked_roles), None
    if member.asked_share is not None:
        member.agreed_at = now
    note(session, EventKind.TEAM_TERMS_ACCEPTED, proposal, member, actor, now)
    settle(session, proposal, actor=actor, now=now)


def is_asked(member: TeamMember) -> bool:
    """Whether this person's agreement is waited for."""
    return member.asked_roles is not None or (member.asked_share is not None and member.agreed_at is None)


def set_own_roles(
    session: Session, proposal: Proposal, member: TeamMember, roles: tuple[str, ...], *, actor: Actor, now: datetime
) -> None:
    """Everybody says best themselves what they contributed."""
    require(actor, Permission.TEAM_AGREE, facts_of_proposal(session, proposal), now)
    if member.account_id != actor.account_id or not _has_accepted(member):
        raise NotAllowed("author")
    member.roles, member.asked_roles = list(roles), None
    session.flush()
