"""Inviting people to a call: by a list of addresses, by link, by code. Uses are counted on the locked row."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.commands import fold_address
from crowd.accounts.models import Account
from crowd.calls.commands import WayIn
from crowd.calls.gates import facts_of_call, rules_of
from crowd.calls.models import Admission, Call, CallInvitation, LatePermit
from crowd.core.actor import Actor
from crowd.core.errors import DomainError
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.status import InvitationKind
from crowd.mailing.actions import Recipient, send_letter
from crowd.store.events import record
from crowd.store.secrets import keyed_hash, token_hash
from crowd.store.types import ALPHABET, new_public_id
from crowd.web.access import require
from crowd.web.links import absolute_link

CODE_LENGTH = 10
MOST_ADDRESSES = 500


def link_token(secret_key: str, public_id: str) -> str:
    """What the link of an invitation ends in; derived, so that a manager can see it again."""
    return f"{public_id}-{keyed_hash(secret_key, 'invitation', public_id)[:32]}"


def invite_addresses(
    session: Session, call: Call, emails: Sequence[str], *, secret_key: str, actor: Actor, now: datetime
) -> int:
    """Invite each address once and mail its own link; `call` must be locked. Returns how many were new.

    Whoever has proven the address comes in at once.
    """
    require(actor, Permission.CALL_MANAGE, facts_of_call(session, call.id), now)
    wanted = {fold_address(email): email for email in emails}
    known = session.scalars(select(CallInvitation.email_folded).where(CallInvitation.call_id == call.id)).all()
    accounts = _proven(session, list(wanted))
    fresh = [folded for folded in wanted if folded not in set(known)]
    for folded in fresh:
        invitation = _insert(session, call, InvitationKind.ADDRESS, actor, now, max_uses=1)
        invitation.email, invitation.email_folded = wanted[folded], folded
        session.flush()
        account = accounts.get(folded)
        if account is not None:
            _use(session, call, invitation, account.id, now)
        _mail(session, call, invitation, account, secret_key, now)
    return len(fresh)


def _proven(session: Session, folded: Sequence[str]) -> dict[str, Account]:
    found = session.scalars(select(Account).where(Account.email_folded.in_(folded), Account.verified_at.is_not(None)))
    return {account.email_folded: account for account in found}


def _mail(
    session: Session, call: Call, invitation: CallInvitation, account: Account | None, secret_key: str, now: datetime
) -> None:
    rules = rules_of(call)
    send_letter(
        session,
        "call_invitation",
        Recipient(invitation.email, account.name if account else "", account.language if account else rules.language),
        {
            "call": call.title,
            "lead": call.lead,
            "address": absolute_link(f"/invited/{link_token(secret_key, invitation.public_id)}"),
        },
        now=now,
        has_secret=True,
        organization_id=call.organization_id,
        call_id=call.id,
    )


def make_way_in(
    session: Session, call: Call, wanted: WayIn, *, actor: Actor, now: datetime
) -> tuple[CallInvitation, str]:
    """A link or a code; returns it with the code (empty for links). `call` must be locked."""
    require(actor, Permission.CALL_MANAGE, facts_of_call(session, call.id), now)
    invitation = _insert(session, call, wanted.kind, actor, now, max_uses=wanted.max_uses)
    invitation.label, invitation.expires_at = wanted.label, wanted.expires_at
    code = ""
    if wanted.kind is InvitationKind.CODE:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        invitation.code_hash = token_hash(code)
    session.flush()
    return invitation, code


def _insert(
    session: Session, call: Call, kind: InvitationKind, actor: Actor, now: datetime, *, max_uses: int | None
) -> CallInvitation:
    invitation = CallInvitation(
        public_id=new_public_id(),
        call_id=call.id,
        kind=kind,
        max_uses=max_uses,
        uses=0,
        made_at=now,
        by_id=actor.account_id,
    )
    session.add(invitation)
    session.flush()
    _record(session, EventKind.INVITATION_MADE, call, invitation.id, actor.account_id, now)
    return invitation


def revoke_way_in(session: Session, call: Call, invitation: CallInvitation, *, actor: Actor, now: datetime) -> None:
    """Close a way in; whoever came in stays. Both rows are locked."""
    require(actor, Permission.CALL_MANAGE, facts_of_call(session, call.id), now)
    if invitation.revoked_at is None:
        invitation.revoked_at = now
        _record(session, EventKind.INVITATION_REVOKED, call, invitation.id, actor.account_id, now)


def check_way_in(invitation: CallInvitation, now: datetime) -> None:
    """Raises DomainError `way_in_revoked`, `way_in_ended` or `way_in_used_up`."""
    if invitation.revoked_at is not None:
        raise DomainError("way_in_revoked")
    if invitation.expires_at is not None and invitation.expires_at <= now:
        raise DomainError("way_in_ended")
    if invitation.max_uses is not None and invitation.uses >= invitation.max_uses:
        raise DomainError("way_in_used_up")


def admit(session: Session, call: Call, invitation: CallInvitation, *, actor: Actor, now: datetime) -> None:
    """Come in by an invitation; its row is locked, so uses are never more than allowed. Coming twice counts once."""
    known = select(Admission.id).where(Admission.account_id == actor.account_id, Admission.call_id == call.id)
    if actor.account_id is None or session.scalar(known) is not None:
        return
    check_way_in(invitation, now)
    _use(session, call, invitation, actor.account_id, now)


def _use(session: Session, call: Call, invitation: CallInvitation, account_id: int, now: datetime) -> None:
    known = select(Admission.id).where(Admission.account_id == account_id, Admission.call_id == call.id)
    invitation.uses += 1
    if session.scalar(known) is None:
        session.add(Admission(account_id=account_id, call_id=call.id, invitation_id=invitation.id, at=now))
        session.flush()
        _record(session, EventKind.GUEST_ADMITTED, call, invitation.id, account_id, now)


def adopt_guest(session: Session, account: Account, *, now: datetime) -> None:
    """Whatever waits for an address that was proven just now."""
    waiting = session.execute(
        select(CallInvitation, Call)
        .join(Call, Call.id == CallInvitation.call_id)
        .where(
            CallInvitation.email_folded == account.email_folded,
            CallInvitation.revoked_at.is_(None),
            CallInvitation.uses == 0,
        )
        .with_for_update(of=CallInvitation)
    )
    for invitation, call in waiting.all():
        _use(session, call, invitation, account.id, now)
    permits = select(LatePermit).where(LatePermit.email_folded == account.email_folded, LatePermit.account_id.is_(None))
    for permit in session.scalars(permits.with_for_update()):
        permit.account_id = account.id


def _record(
    session: Session, kind: EventKind, call: Call, subject_id: int, actor_id: int | None, now: datetime
) -> None:
    record(
        session,
        kind,
        now=now,
        actor_id=actor_id,
        organization_id=call.organization_id,
        call_id=call.id,
        subject_id=subject_id,
    )
