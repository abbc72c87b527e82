"""Inviting and answering. A pending person is named nowhere, yet has a stake."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.commands import fold_address
from crowd.accounts.models import Account
from crowd.calls.gates import rules_of
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.credit import WHOLE
from crowd.core.errors import DomainError, IllegalMove, InvalidInput
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.status import MemberStatus, ProposalStatus
from crowd.mailing.actions import Recipient, send_letter
from crowd.proposals.actions.limits import check_joining
from crowd.proposals.actions.members import ACTIVE, asked_of, equal_parts, lead_of, note, team_of
from crowd.proposals.actions.moves import revoke_reader
from crowd.proposals.actions.shares import ask, check_terms, settle
from crowd.proposals.commands import Invitation
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import Declaration, Proposal, TeamMember
from crowd.web.access import require

MOST_MEMBERS = 20
OPEN_FOR = timedelta(days=30)
"""How long an invitation may be accepted; a new one begins anew."""


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def invite_member(
    session: Session, proposal: Proposal, invitation: Invitation, *, token: str, actor: Actor, now: datetime
) -> TeamMember:
    """Ask somebody to join and mail the link at once. `proposal` is locked.

    Without a share everybody gets the same; once somebody has accepted, the newcomer's part comes out of the lead's. Whoever
    is in the team already is asked about the new shares too.
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
    member.status, member.answered_at, member.asked_roles = MemberStatus.PENDING, None, None
    member.position = max((other.position for other in members), default=0) + 1
    session.flush()
    wanted = _shares_with(lead_of(active, proposal), active, member, invitation.share)
    ask(session, proposal, wanted, actor=actor, now=now)
    mail_invitation(session, proposal, member, token, actor, now)
    note(session, EventKind.TEAM_INVITED, proposal, member, actor, now)
    if any(_is_settled_member(other, proposal) for other in active):
        note(session, EventKind.TEAM_TERMS_ASKED, proposal, None, actor, now)
    return member


def _is_settled_member(member: TeamMember, proposal: Proposal) -> bool:
    return member.status is MemberStatus.ACCEPTED and member.account_id != proposal.lead_id


def _check_newcomer(active: Sequence[TeamMember], folded: str, account: Account | None) -> None:
    known = {member.email_folded for member in active}
    accounts = {member.account_id for member in active if member.account_id}
    if folded in known or (account and account.id in accounts):
        raise InvalidInput("already_in_team", "email")
    if len(active) >= MOST_MEMBERS:
        raise InvalidInput("team_full", "email", most=MOST_MEMBERS)


def _shares_with(
    lead: TeamMember, active: Sequence[TeamMember], newcomer: TeamMember, share: int | None
) -> dict[int, int]:
    agreed = any(member is not lead and member.status is MemberStatus.ACCEPTED for member in active)
    if share is None and not agreed:
        return equal_parts([*active, newcomer], lead)
    left = asked_of(lead)
    wanted = min(WHOLE // (len(active) + 1), left) if share is None else share
    if wanted > left:
        raise InvalidInput("share_too_large", "share")
    return {member.id: asked_of(member) for member in active} | {newcomer.id: wanted, lead.id: left - wanted}


def mail_invitation(
    session: Session, proposal: Proposal, member: TeamMember, token: str, actor: Actor, now: datetime
) -> None:
    """In no list of the organization: the letter names a draft and a person who has not answered."""
    call = session.get_one(Call, proposal.call_id)
    account = session.get(Account, member.account_id) if member.account_id else None
    member.token_hash, member.invited_at, member.expires_at = token_hash(token), now, now + OPEN_FOR
    language = account.language if account else (actor.language or rules_of(call).language)
    context = {
        "inviter": actor.name,
        "proposal": proposal.title,
        "call": call.title,
        "member": member.name,
        "roles": list(member.roles),
        "share": asked_of(member),
        "until": member.expires_at,
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
    require(actor, Permission.PROPOSAL_SHARES, facts_of_proposal(session, proposal), now)
    if member.status is not MemberStatus.PENDING:
        raise IllegalMove("invite", member.status)
    mail_invitation(session, proposal, member, token, actor, now)


def accept_invitation(
    session: Session, proposal: Proposal, member: TeamMember, *, actor: Actor, now: datetime, terms: str | None = None
) -> None:
    """Join with the roles and agree to the share of the invitation. May be done until results are published.

    Raises DomainError("invitation_expired"), InvalidInput("terms_changed") when the page showed others than now.
    """
    facts = facts_of_proposal(session, proposal)
    require(actor, Permission.TEAM_ANSWER, facts, now)
    if member.status is not MemberStatus.PENDING:
        raise IllegalMove("accept", member.status)
    if member.expires_at is not None and member.expires_at <= now:
        raise DomainError("invitation_expired")
    if actor.account_id in facts.team_ids:
        raise InvalidInput("already_in_team")
    if proposal.status is not ProposalStatus.DRAFT:
        check_joining(session, facts.call.rules, proposal, [actor.account_id or 0])
    check_terms(member, terms)
    account = session.get_one(Account, actor.account_id)
    member.account_id, member.name = account.id, account.name
    member.status, member.answered_at, member.agreed_at = MemberStatus.ACCEPTED, now, now
    revoke_reader(session, proposal.id, account.id)
    session.add(_consent(session, proposal, account.id, now))
    note(session, EventKind.TEAM_ACCEPTED, proposal, member, actor, now)
    settle(session, proposal, actor=actor, now=now)


def _consent(session: Session, proposal: Proposal, account_id: int, now: datetime) -> Declaration:
    call = session.get_one(Call, proposal.call_id)
    return Declaration(
        proposal_id=proposal.id,
        account_id=account_id,
        at=now,
        rules_sha256=call.rules_sha256 or "",
        items=list(rules_of(call).declarations),
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
