"""The team: inviting, roles and shares, answering, leaving. A pending person is named nowhere, yet has a stake."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.commands import fold_address
from crowd.accounts.models import Account
from crowd.calls.gates import rules_of
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.credit import WHOLE, equal_shares, share_faults
from crowd.core.errors import IllegalMove, InvalidInput, NotAllowed
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.status import MemberStatus, ProposalStatus
from crowd.mailing.actions import Recipient, send_letter
from crowd.proposals.actions.limits import check_joining
from crowd.proposals.actions.moves import revoke_reader
from crowd.proposals.commands import Invitation, Place
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import Declaration, Proposal, TeamMember
from crowd.store.events import record
from crowd.web.access import require

MOST_MEMBERS = 20
ACTIVE = (MemberStatus.PENDING, MemberStatus.ACCEPTED)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def invite_member(
    session: Session, proposal: Proposal, invitation: Invitation, *, token: str, actor: Actor, now: datetime
) -> TeamMember:
    """Ask somebody to join and mail the link at once. `proposal` is locked.

    Without a share everybody gets the same; once somebody has accepted, the newcomer's part comes out of the lead's.
    """
    require(actor, Permission.PROPOSAL_TEAM, facts_of_proposal(session, proposal), now)
    folded = fold_address(invitation.email)
    members = team_of(session, proposal.id)
    active = [member for member in members if member.status in ACTIVE]
    account = session.scalar(select(Account).where(Account.email_folded == folded))
    _check_newcomer(active, folded, account)
    member = next((member for member in members if member.email_folded == folded), None)
    if member is None:
        member = TeamMember(proposal_id=proposal.id, email_folded=folded, share=0)
        session.add(member)
    member.account_id = account.id if account else None
    member.name, member.email, member.roles = invitation.name, invitation.email, list(invitation.roles)
    member.status, member.answered_at = MemberStatus.PENDING, None
    member.position = max((other.position for other in members), default=0) + 1
    _share_out(_lead_of(active, proposal), active, member, invitation.share)
    _mail_invitation(session, proposal, member, token, actor, now)
    _record(session, EventKind.TEAM_INVITED, proposal, member, actor, now)
    return member


def team_of(session: Session, proposal_id: int) -> list[TeamMember]:
    """Every row, also of those who declined or left, in the order of the team."""
    query = select(TeamMember).where(TeamMember.proposal_id == proposal_id)
    return list(session.scalars(query.order_by(TeamMember.position, TeamMember.id)))


def _check_newcomer(active: Sequence[TeamMember], folded: str, account: Account | None) -> None:
    known = {member.email_folded for member in active}
    accounts = {member.account_id for member in active if member.account_id}
    if folded in known or (account and account.id in accounts):
        raise InvalidInput("already_in_team", "email")
    if len(active) >= MOST_MEMBERS:
        raise InvalidInput("team_full", "email", most=MOST_MEMBERS)


def _lead_of(active: Sequence[TeamMember], proposal: Proposal) -> TeamMember:
    return next(member for member in active if member.account_id == proposal.lead_id)


def _share_out(lead: TeamMember, active: list[TeamMember], newcomer: TeamMember, share: int | None) -> None:
    agreed = any(member is not lead and member.status is MemberStatus.ACCEPTED for member in active)
    if share is None and not agreed:
        _make_equal([*active, newcomer], lead)
        return
    wanted = min(WHOLE // (len(active) + 1), lead.share) if share is None else share
    if wanted > lead.share:
        raise InvalidInput("share_too_large", "share")
    newcomer.share = wanted
    lead.share -= wanted


def _make_equal(members: Sequence[TeamMember], lead: TeamMember) -> None:
    points = equal_shares([member.email_folded for member in members], lead.email_folded)
    for member in members:
        member.share = points[member.email_folded]


def _is_equal(members: Sequence[TeamMember], lead: TeamMember) -> bool:
    points = equal_shares([member.email_folded for member in members], lead.email_folded)
    return all(member.share == points[member.email_folded] for member in members)


def _mail_invitation(
    session: Session, proposal: Proposal, member: TeamMember, token: str, actor: Actor, now: datetime
) -> None:
    """In no list of the organization: the letter names a draft and a person who has not answered."""
    call = session.get_one(Call, proposal.call_id)
    account = session.get(Account, member.account_id) if member.account_id else None
    member.token_hash, member.invited_at = token_hash(token), now
    language = account.language if account else (actor.language or rules_of(call).language)
    context = {
        "inviter": actor.name,
        "proposal": proposal.title,
        "call": call.title,
        "member": member.name,
        "roles": list(member.roles),
        "share": member.share,
        "token": token,
    }
    send_letter(
        session,
        "team_invitation",
        Recipient(member.email, member.name, language, member.account_id),
        context,
        now=now,
        has_secret=True,
        once_key=f"team_invitation:{member.token_hash}",
    )


def invite_again(
    session: Session, proposal: Proposal, member: TeamMember, *, token: str, actor: Actor, now: datetime
) -> None:
    """A new link to somebody who has not answered; the old one ends."""
    require(actor, Permission.PROPOSAL_TEAM, facts_of_proposal(session, proposal), now)
    if member.status is not MemberStatus.PENDING:
        raise IllegalMove("invite", member.status)
    _mail_invitation(session, proposal, member, token, actor, now)


def set_places(
    session: Session,
    proposal: Proposal,
    places: Sequence[Place],
    *,
    tokens: Sequence[str],
    actor: Actor,
    now: datetime,
) -> int:
    """Order, roles and shares as the lead sets them; returns how many are asked again.

    Who had accepted other terms is asked once more, with a new link from `tokens`. Raises InvalidInput("shares_not_whole").
    """
    require(actor, Permission.PROPOSAL_TEAM, facts_of_proposal(session, proposal), now)
    active = {member.id: member for member in team_of(session, proposal.id) if member.status in ACTIVE}
    if {place.member_id for place in places} != set(active):
        raise InvalidInput("team_changed")
    faults = share_faults({str(place.member_id): place.share for place in places})
    if faults:
        raise InvalidInput("shares_not_whole")
    asked = 0
    for position, place in enumerate(places):
        member = active[place.member_id]
        differs = (tuple(member.roles), member.share) != (place.roles, place.share)
        member.position, member.roles, member.share = position, list(place.roles), place.share
        if differs and member.status is MemberStatus.ACCEPTED and member.account_id != proposal.lead_id:
            member.status, member.answered_at = MemberStatus.PENDING, None
            _mail_invitation(session, proposal, member, tokens[asked], actor, now)
            _record(session, EventKind.TEAM_INVITED, proposal, member, actor, now)
            asked += 1
    return asked


def accept_invitation(session: Session, proposal: Proposal, member: TeamMember, *, actor: Actor, now: datetime) -> None:
    """Join with the roles and the share of the invitation. May be done until results are published, also after the close."""
    facts = facts_of_proposal(session, proposal)
    require(actor, Permission.TEAM_ANSWER, facts, now)
    if member.status is not MemberStatus.PENDING:
        raise IllegalMove("accept", member.status)
    if actor.account_id in facts.team_ids:
        raise InvalidInput("already_in_team")
    if proposal.status is not ProposalStatus.DRAFT:
        check_joining(session, facts.call.rules, proposal, [actor.account_id or 0])
    account = session.get_one(Account, actor.account_id)
    member.account_id, member.name = account.id, account.name
    member.status, member.answered_at = MemberStatus.ACCEPTED, now
    revoke_reader(session, proposal.id, account.id)
    session.add(_consent(session, proposal, account.id, now))
    _record(session, EventKind.TEAM_ACCEPTED, proposal, member, actor, now)


def _consent(session: Session, proposal: Proposal, account_id: int, now: datetime) -> Declaration:
    call = session.get_one(Call, proposal.call_id)
    return Declaration(
        proposal_id=proposal.id,
        account_id=account_id,
        at=now,
        rules_sha256=call.rules_sha256 or "",
        items=list(rules_of(call).declarations),
    )


def decline_invitation(
    session: Session, proposal: Proposal, member: TeamMember, *, actor: Actor, now: datetime
) -> None:
    """Whoever holds the link may say no, without an account."""
    if member.status is not MemberStatus.PENDING:
        raise IllegalMove("decline", member.status)
    _drop(session, proposal, member, MemberStatus.DECLINED, now)
    _record(session, EventKind.TEAM_DECLINED, proposal, member, actor, now)


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
    _drop(session, proposal, member, MemberStatus.REMOVED, now)
    _record(session, EventKind.TEAM_REMOVED, proposal, member, actor, now)


def _drop(session: Session, proposal: Proposal, member: TeamMember, status: MemberStatus, now: datetime) -> None:
    """Equal shares stay equal among the rest; otherwise what is freed goes to the lead."""
    active = [other for other in team_of(session, proposal.id) if other.status in ACTIVE]
    lead = next((other for other in active if other.account_id == proposal.lead_id), None)
    rest = [other for other in active if other is not member]
    was_equal = lead is not None and _is_equal(active, lead)
    member.status, member.answered_at = status, now
    freed, member.share = member.share, 0
    if lead is not None and was_equal:
        _make_equal(rest, lead)
    elif lead is not None:
        lead.share += freed


def _record(
    session: Session, kind: EventKind, proposal: Proposal, member: TeamMember, actor: Actor, now: datetime
) -> None:
    session.flush()
    record(
        session,
        kind,
        now=now,
        actor_id=actor.account_id,
        call_id=proposal.call_id,
        proposal_id=proposal.id,
        subject_id=member.account_id,
    )


def adopt_invitations(session: Session, account: Account) -> None:
    """A new verified account takes up the invitations that wait for its address, so that the stake is known at once."""
    waiting = select(TeamMember).where(
        TeamMember.email_folded == account.email_folded,
        TeamMember.account_id.is_(None),
        TeamMember.status == MemberStatus.PENDING,
    )
    for member in session.scalars(waiting):
        member.account_id = account.id
